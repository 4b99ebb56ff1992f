using AdminConsole.Core.Changes;
using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Data;
using AdminConsole.Core.Identity;
using AdminConsole.Core.Roles;
using AdminConsole.Core.Security;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Core.Users;

/// <summary>Creates and updates users from a CSV file, all or none. Existing users are matched by email, or by username
/// in rows without an email.</summary>
public sealed class UserImport(
    AppDbContext db,
    AppUserManager users,
    UserCredentialRevoker access,
    LastAdministratorRule administrators,
    TimeProvider clock
)
{
    private const int BatchSize = 500;

    // Prefixes of audit actions that cannot affect the plan of an import.
    private static readonly string[] IrrelevantActions =
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

    /// <summary>Imports the file. Errors are part of the result of a dry run; otherwise the import is refused as
    /// <c>import_failed</c> with the rows. Roles other than the default also need roles.assign, and changed usernames
    /// need users.credentials; both need a recent sign-in. Records one event for the import and at least one for each
    /// changed user, linked by a batch id. The import is planned before its transaction, so only the writes block other
    /// changes. A dry run blocks none.</summary>
    /// <param name="actor">The user or program that makes the request.</param>
    /// <param name="csv">The file; see api.md for its columns. An empty cell leaves the field unchanged.</param>
    /// <param name="dryRun">True to validate the file without writing.</param>
    /// <param name="progress">Receives the number of processed rows; may be null.</param>
    /// <param name="ct">Cancels the import; nothing is written then.</param>
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
        var importer = new UserImporter(db, users, access, change, await db.Roles.AsNoTracking().ToListAsync(ct));
        var processed = 0;
        foreach (var chunk in rows.Chunk(BatchSize))
        {
            await importer.PlanAsync(chunk, ct);
            progress?.Report(processed += chunk.Length);
        }

        return importer;
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
                var importer = plan;
                if (importer is not null && await IsCurrentAsync(since, ct))
                {
                    change.Append(draft);
                }
                else
                {
                    // A user or role changed since, or this is a retry. A plan made inside the change cannot become
                    // stale.
                    db.ChangeTracker.Clear();
                    importer = await PlanAsync(change, rows, progress: null, ct);
                }

                plan = null;
                if (importer.Errors.Count == 0)
                {
                    await importer.ApplyAsync(ct);
                    if (!await administrators.HoldsAsync(change, ct))
                    {
                        importer.AddLastAdministratorErrors();
                    }
                }

                if (Refused(change.Actor, importer, rows.Count) is { } refused)
                {
                    return refused;
                }

                change.Record(
                    AuditActions.UserImported,
                    null,
                    new
                    {
                        created = importer.Created,
                        updated = importer.Updated,
                        unchanged = importer.Unchanged,
                    }
                );
                return importer.ToResult(dryRun: false);
            },
            ct,
            ChangeLock.Administrators,
            keepsTracked: true
        );
    }

    private Refusal? Refused(Actor actor, UserImporter importer, int rows) =>
        (importer.NeedsRecentSignIn ? actor.RequireRecentSignIn(clock.Now()) : null)
        ?? (
            importer.Errors.Count == 0
                ? null
                : Refusal.Invalid("import_failed", $"Nothing was imported. Rows with errors: {importer.Errors.Count} of {rows}.") with
                {
                    Rows = importer.Errors,
                }
        );

    private async Task<bool> IsCurrentAsync(long since, CancellationToken ct) =>
        (await db.AuditEvents.Where(entry => entry.Id > since).Select(entry => entry.Action).Distinct().ToListAsync(ct)).TrueForAll(
            action => Array.Exists(IrrelevantActions, group => action.StartsWith(group, StringComparison.Ordinal))
        );
}
