using System.Text.Json;
using AdminConsole.Core.Changes;
using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Data;
using AdminConsole.Core.Security;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AdminConsole.Core.Audit;

/// <summary>The progress of a verification, in events.</summary>
public sealed record AuditProgress(long Checked, long Of);

/// <summary>The result and the time of the last verification.</summary>
public sealed record LastVerification(DateTimeOffset At, AuditVerification Found);

/// <summary>Verifies that no event was altered, removed, inserted, cut off, or redacted without a recorded erasure, and
/// that searches find all events.</summary>
public sealed class AuditVerifier(
    AppDbContext db,
    AuditChain chain,
    AuditInspection inspection,
    IServiceScopeFactory scopes,
    ILogger<AuditVerifier> log
)
{
    // A verification uses all processors, so concurrent ones would only delay other requests.
    private static readonly SemaphoreSlim Gate = new(1);

    /// <summary>Verifies the whole chain, reports the first invalid event, and records the result, unless the log
    /// accepts no events. A process runs one verification at a time; others wait. HEAD requests verify and record
    /// nothing, because they cannot return the result. Requires audit.read.</summary>
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
                "The audit log accepts no events, so the result of this verification is only logged here. {Problem}",
                verification.Problem
            );
            return verification;
        }
    }

    /// <summary>Returns the last recorded verification, or null. The read is not recorded. Requires
    /// audit.read.</summary>
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

    // The stored result may itself have been altered, so invalid JSON is reported instead of thrown.
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

    /// <summary>Verifies the log without recording it, for internal use.</summary>
    /// <param name="progress">Receives the progress.</param>
    /// <param name="ct">Cancels the verification.</param>
    /// <param name="isAlone">True for a foreign database, to which this node's high-water mark does not apply.</param>
    public async Task<AuditVerification> CheckAsync(IProgress<AuditProgress>? progress, CancellationToken ct, bool isAlone = false)
    {
        var (fault, events) = await FindAsync(progress, isAlone, ct);
        return fault is null ? new AuditVerification(true, events) : new AuditVerification(false, events, fault.EventId, fault.Problem);
    }

    /// <summary>Returns the first fault, if any, and the number of events before it; otherwise, of all
    /// events.</summary>
    internal async Task<(AuditFault? Fault, long Events)> FindAsync(IProgress<AuditProgress>? progress, bool isAlone, CancellationToken ct)
    {
        // Must precede reading the head, so that the high-water mark is not newer than the head.
        var fault = isAlone ? null : await inspection.InspectAsync(ct);
        var head = await SignedHeadAsync(ct);
        while (head is not null)
        {
            var walk = new AuditWalk(scopes, head, progress);
            var broken =
                First(await walk.FirstBrokenAsync(ct), fault)
                ?? await walk.Redactions.FirstUnaccountedAsync(db, ct)
                ?? await OutsideAsync(ct)
                ?? await TableAsync(ct);
            // Retention may have deleted events during the walk. The remaining events are then verified again.
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
        await Gate.WaitAsync(ct);
        try
        {
            return await CheckAsync(progress, ct);
        }
        finally
        {
            Gate.Release();
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

    // A single statement reads the head and the rows outside it at the same moment, despite concurrent appends.
    private async Task<AuditFault?> OutsideAsync(CancellationToken ct)
    {
        var outside = await db
            .AuditHeads.Select(head => new
            {
                head.LastId,
                Before = db.AuditEvents.Where(entry => entry.Id <= head.CheckpointId).Min(entry => (long?)entry.Id),
                After = db.AuditEvents.Where(entry => entry.Id > head.LastId).Min(entry => (long?)entry.Id),
                Span = db.AuditTimeBlocks.Max(span => (long?)span.Block),
            })
            .SingleOrDefaultAsync(ct);
        return outside is null ? null
            : outside.Before is { } before ? new AuditFault($"Event {before} lies before the retention checkpoint.", before)
            : outside.After is { } after ? AuditInspection.Stray(after)
            : outside.Span >= (outside.LastId + 1) / AuditTimeBlock.Size
                ? TimeBlockCheck.Wrong((outside.LastId + 1) / AuditTimeBlock.Size * AuditTimeBlock.Size)
            : null;
    }

    private async Task<AuditFault?> TableAsync(CancellationToken ct) =>
        await db.AuditTableProblemAsync(ct) is { } problem ? new AuditFault(problem) : null;
}
