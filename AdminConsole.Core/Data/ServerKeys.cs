using System.Security.Cryptography;
using AdminConsole.Core.Changes;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Core.Data;

/// <summary>The keys that this installation generated for itself, stored in the database and encrypted with the data
/// protection key ring.</summary>
public sealed class ServerKeys(IDataProtectionProvider protection)
{
    private const string AuditHeadName = "audit-head";
    private const string OutboxName = "outbox";
    private const string CodesName = "codes";

    private byte[]? auditHead;
    private byte[]? outbox;
    private byte[]? codes;

    /// <summary>The key that signs the head of the audit chain.</summary>
    public byte[] AuditHead => auditHead ?? throw NotLoaded();

    /// <summary>The key for deriving refresh tokens and the setup code, and for hashing short codes.</summary>
    public byte[] DerivationKey => codes ?? throw NotLoaded();

    /// <summary>The key that encrypts queued emails. Data protection is not used for them directly, because it may have
    /// to store a new key of its own, which is impossible inside a change.</summary>
    public byte[] Outbox => outbox ?? throw NotLoaded();

    /// <summary>Loads the keys and creates missing ones. Runs at startup, under the migration lock.</summary>
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

        var key = RandomNumberGenerator.GetBytes(32);
        var row = new ServerSecret { Name = name, Protected = Convert.ToBase64String(protector.Protect(key)) };
        await db.WriteUnauditedAsync(
            UnauditedWrite.ServerKeys,
            async () =>
            {
                db.Add(row);
                return await db.SaveChangesAsync(ct);
            },
            ct
        );
        return key;
    }

    private static InvalidOperationException NotLoaded() => new("The server keys have not been loaded yet.");
}
