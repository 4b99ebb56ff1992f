using AdminConsole.Core.Audit;
using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Data;
using AdminConsole.Core.Identity;
using AdminConsole.Core.Roles;
using AdminConsole.Core.Security;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Core.Users;

/// <summary>
/// Creates and changes users from a CSV file, known by their addresses, or by their usernames where they have none: all
/// of them or none.
/// </summary>
public sealed class UserImport(
    AppDbContext db,
    AppUserManager users,
    UserCredentialRevoker access,
    LastAdministratorRule administrators,
    TimeProvider clock
)
{
    private const int BatchSize = 500;

    // Groups of events that leave users and roles as they are for an import.
    private static readonly string[] Harmless =
    [
        "auth.sign",
        "auth.locked_out",
        "session.",
        "token.",
        "device.",
        "refresh.",
        "audit.",
        "access.",
    ];

    /// <summary>
    /// Takes the file in, or says what stands in the way: a dry run in its answer, a real one as <c>import_failed </c>
    /// with the
    /// rows. Roles other than the default also need roles.assign, and other usernames users.credentials; both need a
    /// recent sign-in.
    /// One event tells of the import, one or more of each user, linked by a batch id. Only the writing itself keeps
    /// other changes waiting; a dry run keeps nobody waiting.
    /// </summary>
    /// <param name="actor">Who asks.</param>
    /// <param name="csv">The file; api.md names its columns. An empty cell leaves what is there.</param>
    /// <param name="dryRun">Writes nothing and answers what would happen.</param>
    /// <param name="progress">Told how many rows are done; may be null.</param>
    /// <param name="ct">Stops it; nothing is written then.</param>
    public async Task<Result<ImportResult>> RunAsync(Actor actor, Stream csv, bool dryRun, IProgress<int>? progress, CancellationToken ct)
    {
        if (actor.Require(Permissions.UsersWrite) is { } refused)
        {
            return refused;
        }

        var read = await UserCsv.ReadAsync(csv, ct);
        if (read.Refusal is { } unreadable)
        {
            return unreadable;
        }

        var since = await db.AuditHeads.AsNoTracking().Select(head => head.LastId).SingleAsync(ct);
        var draft = new ChangeContext(actor, clock.Now(), ChangeLock.Administrators);
        var prepared = await PlanAsync(draft, read.Value, progress, ct);
        if (prepared.Errors.Count == 0 && !await prepared.WouldLeaveAdministratorAsync(ct))
        {
            prepared.AddLastAdministratorErrors();
        }

        if (!dryRun && Refused(actor, prepared, read.Value.Count) is null)
        {
            return await ApplyAsync(draft, prepared, since, read.Value, ct);
        }

        db.ChangeTracker.Clear();
        return dryRun ? prepared.ToResult(dryRun: true) : Refused(actor, prepared, read.Value.Count)!;
    }

    private async Task<UserImporter> PlanAsync(ChangeContext change, List<UserRow> rows, IProgress<int>? progress, CancellationToken ct)
    {
        var work = new UserImporter(db, users, access, change, await db.Roles.AsNoTracking().ToListAsync(ct));
        var done = 0;
        foreach (var some in rows.Chunk(BatchSize))
        {
            await work.PlanAsync(some, ct);
            progress?.Report(done += some.Length);
        }

        return work;
    }

    private Task<Result<ImportResult>> ApplyAsync(
        ChangeContext draft,
        UserImporter prepared,
        long since,
        List<UserRow> rows,
        CancellationToken ct
    )
    {
        var plan = prepared;
        return db.ChangeAsync<ImportResult>(
            draft.Actor,
            Permissions.UsersWrite,
            async change =>
            {
                change.BatchId = Guid.CreateVersion7(change.At);
                var work = plan;
                if (work is not null && await IsCurrentAsync(since, ct))
                {
                    change.Append(draft);
                }
                else
                {
                    // A user or a role changed meanwhile, or this is another attempt. Inside the change no plan grows old.
                    db.ChangeTracker.Clear();
                    work = await PlanAsync(change, rows, progress: null, ct);
                }

                plan = null;
                if (work.Errors.Count == 0)
                {
                    await work.ApplyAsync(ct);
                    if (!await administrators.HoldsAsync(change, ct))
                    {
                        work.AddLastAdministratorErrors();
                    }
                }

                if (Refused(change.Actor, work, rows.Count) is { } refused)
                {
                    return refused;
                }

                change.Record(
                    AuditActions.UserImported,
                    null,
                    new
                    {
                        created = work.Created,
                        updated = work.Updated,
                        unchanged = work.Unchanged,
                    }
                );
                return work.ToResult(dryRun: false);
            },
            ct,
            ChangeLock.Administrators,
            keepsTracked: true
        );
    }

    private Refusal? Refused(Actor actor, UserImporter work, int rows) =>
        (work.NeedsRecentSignIn ? actor.RequireRecentSignIn(clock.Now()) : null)
        ?? (
            work.Errors.Count == 0
                ? null
                : Refusal.Invalid("import_failed", $"Nothing was imported. Rows with errors: {work.Errors.Count} of {rows}.") with
                {
                    Rows = work.Errors,
                }
        );

    private async Task<bool> IsCurrentAsync(long since, CancellationToken ct) =>
        (await db.AuditEvents.Where(entry => entry.Id > since).Select(entry => entry.Action).Distinct().ToListAsync(ct)).TrueForAll(
            action => Array.Exists(Harmless, group => action.StartsWith(group, StringComparison.Ordinal))
        );
}
