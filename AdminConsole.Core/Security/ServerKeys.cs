using System.Security.Cryptography;
using AdminConsole.Core.Data;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Core.Security;

/// <summary>Keys that this installation made for itself. They are in the database, encrypted with the data protection key ring.</summary>
public sealed class ServerKeys(IDataProtectionProvider protection)
{
    private const string AuditHeadName = "audit-head";

    private byte[]? auditHead;

    /// <summary>Signs the end of the audit chain.</summary>
    public byte[] AuditHead => auditHead ?? throw new InvalidOperationException("The server keys are loaded at start.");

    /// <summary>Reads the keys, making those that are missing. Runs at start, under the migration lock.</summary>
    internal async Task LoadAsync(AppDbContext db, CancellationToken ct)
    {
        var protector = protection.CreateProtector("AdminConsole.ServerKeys");
        if (await db.ServerSecrets.AsNoTracking().SingleOrDefaultAsync(secret => secret.Name == AuditHeadName, ct) is { } stored)
        {
            auditHead = protector.Unprotect(Convert.FromBase64String(stored.Protected));
            return;
        }

        var made = RandomNumberGenerator.GetBytes(32);
        var row = new ServerSecret { Name = AuditHeadName, Protected = Convert.ToBase64String(protector.Protect(made)) };
        await db.UpkeepAsync(Upkeep.ServerKeys, async () =>
        {
            db.Add(row);
            return await db.SaveChangesAsync(ct);
        }, ct);
        auditHead = made;
    }
}
