using AdminConsole.Core.Changes;
using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Data;
using AdminConsole.Core.Security;

namespace AdminConsole.Core.Backups;

/// <summary>Creates full backups, including the keys, while the server keeps working.</summary>
public sealed class DatabaseBackup(AppDbContext db)
{
    private static readonly Actor Operator = Actor.System("backup");

    /// <summary>Writes a consistent copy of the database to a new file that only its owner can read: a database on
    /// SQLite, an archive for pg_restore on PostgreSQL. Refused as <c>file_exists</c>, <c>folder_missing</c> or
    /// <c>tool_failed</c>; then no file is left.</summary>
    public async Task<Result<Unit>> CreateAsync(string file, CancellationToken ct)
    {
        var target = new FileInfo(file);
        if (target.Exists)
        {
            return Refusal.Conflict("file_exists", $"{target.FullName} already exists. A backup never overwrites a file.");
        }

        if (target.Directory is not { Exists: true } folder)
        {
            return Refusal.Invalid("folder_missing", $"There is no folder {target.DirectoryName}.");
        }

        var partial = Path.Combine(folder.FullName, $".{target.Name}.{Guid.CreateVersion7():N}.partial");
        try
        {
            // The file contains secrets.
            await using (PrivateFiles.Open(partial, FileMode.CreateNew, FileAccess.Write, FileShare.None)) { }

            if (await db.CopyToAsync(partial, ct) is { } failed)
            {
                return failed;
            }

            await using (var written = new FileStream(partial, FileMode.Open, FileAccess.ReadWrite))
            {
                written.Flush(flushToDisk: true);
            }

            return await KeepAsync(partial, target, ct);
        }
        finally
        {
            File.Delete(partial);
        }
    }

    private Task<Result<Unit>> KeepAsync(string partial, FileInfo target, CancellationToken ct) =>
        db.ChangeAsync<Unit>(
            Operator,
            null,
            change =>
            {
                change.Record(
                    AuditActions.BackupCreated,
                    new AuditTarget("backup", null, target.Name),
                    new { file = target.FullName, bytes = new FileInfo(partial).Length }
                );
                File.Move(partial, target.FullName);
                return Task.FromResult<Result<Unit>>(default(Unit));
            },
            ct
        );
}
