using System.Security.Cryptography;
using AdminConsole.Core.Data;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Core.Security;

/// <summary>Keys that this installation made for itself. They are in the database, encrypted with the data protection
/// key ring.</summary>
public sealed class ServerKeys(IDataProtectionProvider protection)
{
    private const string AuditHeadName = "audit-head";
    private const string OutboxName = "outbox";
    private const string CodesName = "codes";

    private byte[]? auditHead;
    private byte[]? outbox;
    private byte[]? codes;

    /// <summary>Signs the end of the audit chain.</summary>
    public byte[] AuditHead => auditHead ?? throw NotLoaded();

    /// <summary>What refresh tokens and the setup code are derived with, and short codes hashed.</summary>
    public byte[] DerivationKey => codes ?? throw NotLoaded();

    /// <summary>Encrypts what mails say. Data protection itself may have to write a new key, which it could not do
    /// within a change.</summary>
    public byte[] Outbox => outbox ?? throw NotLoaded();

    /// <summary>Reads the keys, making those that are missing. Runs at start, under the migration lock.</summary>
    internal async Task LoadAsync(AppDbContext db, CancellationToken ct)
    {
        auditHead = await LoadAsync(db, AuditHeadName, ct);
        codes = await LoadAsync(db, CodesName, ct);
        outbox = await LoadAsync(db, OutboxName, ct);
    }

    private async Task<byte[]> LoadAsync(AppDbContext db, string name, CancellationToken ct)
    {
        var protector = protection.CreateProtector("AdminConsole.ServerKeys");
        if (await db.ServerSecrets.AsNoTracking().SingleOrDefaultAsync(secret => secret.Name == name, ct) is { } stored)
        {
            return protector.Unprotect(Convert.FromBase64String(stored.Protected));
        }

        var made = RandomNumberGenerator.GetBytes(32);
        var row = new ServerSecret { Name = name, Protected = Convert.ToBase64String(protector.Protect(made)) };
        await db.WriteUnauditedAsync(
            UnauditedWrite.ServerKeys,
            async () =>
            {
                db.Add(row);
                return await db.SaveChangesAsync(ct);
            },
            ct
        );
        return made;
    }

    private static InvalidOperationException NotLoaded() => new("The server keys are loaded at start.");
}
