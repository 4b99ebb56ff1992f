using AdminConsole.Core.Audit;
using AdminConsole.Core.Changes;
using AdminConsole.Core.Common;
using AdminConsole.Core.Data;
using AdminConsole.Core.Data.Sqlite;
using AdminConsole.Core.Roles;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace AdminConsole.Core.System;

/// <summary>Prepares the database for this version of the program: schema, keys, the chain's head and the built-in
/// roles.</summary>
public sealed class DatabaseStartup(AppDbContext db, ServerKeys keys, AuditChain chain, TimeProvider clock, ILogger<DatabaseStartup> log)
{
    public Task RunAsync(CancellationToken ct) => db.MigrateAsync(() => PrepareAsync(ct), ct);

    private async Task PrepareAsync(CancellationToken ct)
    {
        if (db.Database.IsSqlite())
        {
            log.LogInformation("SQLite {Version}", SqliteLibrary.Version);
        }

        await keys.LoadAsync(db, ct);
        chain.LoadMark();
        await db.WriteUnauditedAsync(
            UnauditedWrite.Migration,
            async () =>
            {
                // Events without a head mean that the head was removed. A new one would hide that.
                if (!await db.AuditHeads.AnyAsync(ct) && !await db.AuditEvents.AnyAsync(ct))
                {
                    db.Add(chain.CreateHead());
                }

                var known = await db.Roles.Where(role => role.BuiltIn).Select(role => role.Name).ToListAsync(ct);
                db.AddRange(RoleCatalog.BuiltIn(clock.Now()).Where(role => !known.Contains(role.Name)));
                return await db.SaveChangesAsync(ct);
            },
            ct
        );
        db.ChangeTracker.Clear();
        await new StoredNames(db, log).RefoldAsync(ct);
    }
}
