using AdminConsole.Core.Changes;
using AdminConsole.Core.Common;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Core.Data.Sqlite;

public sealed partial class SqliteAppDbContext
{
    /// <summary>Migrates under a file lock, which the operating system releases when a process is killed. EF Core's own
    /// lock row would remain and block every later start.</summary>
    public override async Task MigrateAsync(Func<Task> then, CancellationToken ct)
    {
        await using var fileLock = await FileLock.TakeAsync(Database.GetDbConnection().DataSource + ".migrating", ct);
        await WriteUnauditedAsync(
            UnauditedWrite.Migration,
            async () =>
            {
                await Database.ExecuteSqlAsync(
                    $"""
                    CREATE TABLE IF NOT EXISTS "__EFMigrationsLock" (
                        "Id" INTEGER NOT NULL CONSTRAINT "PK___EFMigrationsLock" PRIMARY KEY, "Timestamp" TEXT NOT NULL)
                    """,
                    ct
                );
                await Database.ExecuteSqlAsync($"DELETE FROM \"__EFMigrationsLock\"", ct);
                await MigrateWithoutForeignKeysAsync(ct);
                return default(Unit);
            },
            ct
        );
        await then();
    }

    // The setting belongs to the connection, which therefore stays open. The next connection enforces foreign keys
    // again.
    private async Task MigrateWithoutForeignKeysAsync(CancellationToken ct)
    {
        await Database.OpenConnectionAsync(ct);
        try
        {
            await Database.ExecuteSqlAsync($"PRAGMA foreign_keys=OFF", ct);
            await Database.MigrateAsync(ct);
        }
        finally
        {
            await Database.CloseConnectionAsync();
        }
    }
}
