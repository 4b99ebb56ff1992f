using AdminConsole.Core.Audit;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Data;
using AdminConsole.Core.Roles;
using AdminConsole.Core.Security;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Core.Users;

/// <summary>Creates and changes users from a CSV file, known by their addresses: all of them or none.</summary>
public sealed class UserImport(AppDbContext db, UserAccess access, Administrators administrators, TimeProvider clock)
{
    private const int AtOnce = 500;

    // Rolls back what a dry run did, which is everything that the real one does.
    private static readonly Refusal DryRun = Refusal.Conflict("dry_run", "Nothing was written.");

    /// <summary>
    /// Takes the file in, or says what stands in the way: a dry run in its answer, a real one as <c>import_failed</c> with the
    /// rows. Roles other than the default also need roles.assign, and other usernames users.credentials; both need a recent sign-in. One event tells of the import, one or more
    /// of each user, linked by a batch id.
    /// </summary>
    /// <param name="actor">Who asks.</param>
    /// <param name="csv">The file; api.md names its columns. An empty cell leaves what is there.</param>
    /// <param name="dryRun">Writes nothing and answers what would happen.</param>
    /// <param name="progress">Told how many rows are done; may be null.</param>
    /// <param name="ct">Stops it; nothing is written then.</param>
    public async Task<Result<ImportResult>> RunAsync(Actor actor, Stream csv, bool dryRun, IProgress<int>? progress, CancellationToken ct)
    {
        if (actor.Refused(Permissions.UsersWrite) is { } refused)
        {
            return refused;
        }

        var read = await UserCsv.ReadAsync(csv, ct);
        if (read.Refusal is { } unreadable)
        {
            return unreadable;
        }

        ImportResult? dry = null;
        var result = await db.ChangeAsync<ImportResult>(actor, Permissions.UsersWrite, async change =>
        {
            change.BatchId = Guid.CreateVersion7(change.At);
            var work = new ImportWork(db, access, change, await db.Roles.AsNoTracking().ToListAsync(ct));
            var done = 0;
            foreach (var rows in read.Value.Chunk(AtOnce))
            {
                await work.TakeAsync(rows, ct);
                progress?.Report(done += rows.Length);
            }

            if (work.Errors.Count == 0 && !await administrators.OneRemainsAsync(change, ct))
            {
                work.BlameForLastAdministrator();
            }

            var outcome = new ImportResult(dryRun, work.Created, work.Updated, work.Unchanged, work.Errors);
            if (dryRun)
            {
                dry = outcome;
                return DryRun;
            }

            if (work.NeedsRecentSignIn && actor.RefusedUnlessFresh(clock.Now()) is { } stale)
            {
                return stale;
            }

            if (work.Errors.Count > 0)
            {
                return Refusal.Invalid("import_failed", $"{work.Errors.Count} of {read.Value.Count} rows cannot be imported, so nothing was.") with { Rows = work.Errors };
            }

            change.Record(AuditActions.UserImported, null, new { created = work.Created, updated = work.Updated, unchanged = work.Unchanged });
            return outcome;
        }, ct, ChangeLock.Administrators);
        return result.Refusal == DryRun ? dry! : result;
    }
}
