using System.Security.Cryptography;
using System.Text.Json;
using AdminConsole.Core.Data;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Core.Identity;

/// <summary>An authenticator app that was offered to a user and is not confirmed yet. Invalid once the user's security
/// stamp changes.</summary>
internal sealed record Enrolment(Guid UserId, string Stamp, byte[] Secret, DateTimeOffset ExpiresAt)
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);
}

/// <summary>Encrypts and decrypts the secrets of second factors with the data protection key ring.</summary>
public sealed class FactorProtector(AppDbContext db, IDataProtectionProvider protection)
{
    private readonly IDataProtector protector = protection.CreateProtector("AdminConsole.Authenticator");

    private readonly IDataProtector enrolments = protection.CreateProtector("AdminConsole.Enrolment");

    internal string Seal(Enrolment enrolment) => enrolments.Protect(JsonSerializer.Serialize(enrolment));

    /// <summary>Decrypts an enrolment. Returns null if the text was not encrypted with this key ring.</summary>
    internal Enrolment? Open(string text)
    {
        try
        {
            return JsonSerializer.Deserialize<Enrolment>(enrolments.Unprotect(text));
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    internal string Protect(byte[] secret) => Convert.ToBase64String(protector.Protect(secret));

    internal byte[] Unprotect(string secret) => protector.Unprotect(Convert.FromBase64String(secret));

    /// <summary>Deletes the user's authenticator and recovery codes, inside a change.</summary>
    internal async Task ClearAsync(Guid userId, CancellationToken ct)
    {
        await db.Authenticators.Where(row => row.UserId == userId).ExecuteDeleteAsync(ct);
        await db.RecoveryCodes.Where(row => row.UserId == userId).ExecuteDeleteAsync(ct);
    }
}
