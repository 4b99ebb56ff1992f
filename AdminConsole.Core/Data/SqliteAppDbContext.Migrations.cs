using AdminConsole.Core.Common;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Core.Data;

public sealed partial class SqliteAppDbContext
{
    /// <summary>A file lock, which the system lifts when a process is killed; EF's own lock row would stay behind and
    /// hang every start.</summary>
    public override async Task MigrateAsync(Func<Task> then, CancellationToken ct)
    {
        await using var held = await FileLock.TakeAsync(Database.GetDbConnection().DataSource + ".migrating", ct);
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

    // They belong to the connection, so it stays open throughout; the next one to open has them on again.
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
