using System.Text.Json;
using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Data;
using AdminConsole.Core.Security;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AdminConsole.Core.Audit;

/// <summary>How far a verification has come.</summary>
public sealed record AuditProgress(long Checked, long Of);

/// <summary>What a verification found, and when.</summary>
public sealed record LastVerification(DateTimeOffset At, AuditVerification Found);

/// <summary>Checks that nothing in the log was altered, removed, inserted, redacted or cut off, and that searches find
/// all of it.</summary>
public sealed class AuditVerifier(
    AppDbContext db,
    AuditChain chain,
    AuditInspection inspection,
    IServiceScopeFactory scopes,
    ILogger<AuditVerifier> log
)
{
    // It takes all processors, so that many at once would only be slower for everybody else.
    private static readonly SemaphoreSlim Turn = new(1);

    /// <summary>
    /// Walks the whole chain, names the first event that does not fit, and records that it was done and what came out,
    /// unless the log takes no events. One at a time in a process; others wait.
    /// Checks and records nothing where only headers are sent, because nobody would learn what came out.
    /// </summary>
    public async Task<Result<AuditVerification>> VerifyAsync(Actor actor, CancellationToken ct, IProgress<AuditProgress>? progress = null)
    {
        if (actor.Require(Permissions.AuditRead) is { } refused)
        {
            return refused;
        }

        if (actor.GetsHeadersOnly)
        {
            return new AuditVerification(true, 0);
        }

        var verification = await InTurnAsync(progress, ct);
        try
        {
            return await RecordAsync(actor, verification, ct);
        }
        catch (AuditBlockedException)
        {
            log.LogCritical(
                "The audit log was verified and takes no events, so this is recorded nowhere else. {Problem}",
                verification.Problem
            );
            return verification;
        }
    }

    /// <summary>The last verification that was recorded, and when; null where there is none. Reading it leaves no
    /// event.</summary>
    public async Task<Result<LastVerification?>> LastAsync(Actor actor, CancellationToken ct)
    {
        if (actor.Require(Permissions.AuditRead) is { } refused)
        {
            return refused;
        }

        var last = await db
            .AuditEvents.AsNoTracking()
            .Where(entry => entry.Action == AuditActions.AuditVerified)
            .OrderByDescending(entry => entry.Id)
            .Select(entry => new
            {
                entry.Id,
                entry.At,
                entry.Details,
            })
            .FirstOrDefaultAsync(ct);
        return last is null ? (LastVerification?)null : new LastVerification(last.At, Read(last.Details ?? "null", last.Id));
    }

    // The record may have been altered, which a verification is there to find.
    private static AuditVerification Read(string details, long id)
    {
        try
        {
            return JsonSerializer.Deserialize<AuditVerification>(details, JsonSerializerOptions.Web) ?? Unreadable(id);
        }
        catch (JsonException)
        {
            return Unreadable(id);
        }
    }

    private static AuditVerification Unreadable(long id) => new(false, 0, id, "The record of the last verification can't be read.");

    /// <summary>The same without a trace, for the program itself.</summary>
    /// <param name="progress">Told how far it is.</param>
    /// <param name="ct">Ends it.</param>
    /// <param name="isAlone">True for a database that came from elsewhere, which what this node remembers does not
    /// concern.</param>
    public async Task<AuditVerification> CheckAsync(IProgress<AuditProgress>? progress, CancellationToken ct, bool isAlone = false)
    {
        var (fault, events) = await FindAsync(progress, isAlone, ct);
        return fault is null ? new AuditVerification(true, events) : new AuditVerification(false, events, fault.EventId, fault.Problem);
    }

    /// <summary>The first fault, and how many events there are before it; all of them where there is none.</summary>
    internal async Task<(AuditFault? Fault, long Events)> FindAsync(IProgress<AuditProgress>? progress, bool isAlone, CancellationToken ct)
    {
        // Before the head is read: what this node remembers must not be newer than that.
        var fault = isAlone ? null : await inspection.LookAsync(ct);
        var head = await SignedHeadAsync(ct);
        while (head is not null)
        {
            var walk = new AuditWalk(scopes, head, progress);
            var broken =
                First(await walk.FirstBrokenAsync(ct), fault)
                ?? await walk.Redactions.FirstUnaccountedAsync(db, ct)
                ?? await OutsideAsync(ct)
                ?? await TableAsync(ct);
            // Retention may have cut what was being looked at; then the rest is looked at again.
            if (broken?.EventId > head.CheckpointId && await SignedHeadAsync(ct) is { } now && now.CheckpointId >= broken.EventId)
            {
                head = now;
                continue;
            }

            return (broken, broken?.EventId is { } id ? Math.Max(0, id - head.CheckpointId - 1) : head.LastId - head.CheckpointId);
        }

        return (fault?.EventId is null ? new AuditFault(AuditInspection.BadHead) : fault, 0);
    }

    private async Task<AuditHead?> SignedHeadAsync(CancellationToken ct) =>
        await db.AuditHeads.AsNoTracking().SingleOrDefaultAsync(ct) is { } head && chain.IsSigned(head) ? head : null;

    private async Task<AuditVerification> InTurnAsync(IProgress<AuditProgress>? progress, CancellationToken ct)
    {
        await Turn.WaitAsync(ct);
        try
        {
            return await CheckAsync(progress, ct);
        }
        finally
        {
            Turn.Release();
        }
    }

    private Task<Result<AuditVerification>> RecordAsync(Actor actor, AuditVerification verification, CancellationToken ct) =>
        db.ChangeAsync<AuditVerification>(
            actor,
            Permissions.AuditRead,
            change =>
            {
                change.Record(AuditActions.AuditVerified, null, verification);
                return Task.FromResult<Result<AuditVerification>>(verification);
            },
            ct
        );

    private static AuditFault? First(AuditFault? broken, AuditFault? fault) =>
        broken is null || fault?.EventId < broken.EventId ? fault : broken;

    // One statement sees the head and the rest at one moment, whatever is appended meanwhile.
    private async Task<AuditFault?> OutsideAsync(CancellationToken ct)
    {
        var outside = await db
            .AuditHeads.Select(head => new
            {
                head.LastId,
                Before = db.AuditEvents.Where(entry => entry.Id <= head.CheckpointId).Min(entry => (long?)entry.Id),
                After = db.AuditEvents.Where(entry => entry.Id > head.LastId).Min(entry => (long?)entry.Id),
                Span = db.AuditSpans.Max(span => (long?)span.Block),
            })
            .SingleOrDefaultAsync(ct);
        return outside is null ? null
            : outside.Before is { } before ? new AuditFault($"Event {before} lies before the retention checkpoint.", before)
            : outside.After is { } after ? AuditInspection.Stray(after)
            : outside.Span >= (outside.LastId + 1) / AuditTimeBlock.Size
                ? SpanCheck.Wrong((outside.LastId + 1) / AuditTimeBlock.Size * AuditTimeBlock.Size)
            : null;
    }

    private async Task<AuditFault?> TableAsync(CancellationToken ct) =>
        await db.AuditTableProblemAsync(ct) is { } problem ? new AuditFault(problem) : null;
}
