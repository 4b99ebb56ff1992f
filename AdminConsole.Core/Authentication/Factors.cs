using System.Security.Cryptography;
using System.Text.Json;
using AdminConsole.Core.Data;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Core.Authentication;

/// <summary>
/// An authenticator app that is offered to a user and not confirmed yet. The security stamp ends it with other pending
/// access.
/// </summary>
internal sealed record Enrolment(Guid UserId, string Stamp, byte[] Secret, DateTimeOffset ExpiresAt)
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);
}

/// <summary>The secrets of second factors, encrypted with the data protection key ring.</summary>
public sealed class Factors(AppDbContext db, IDataProtectionProvider protection)
{
    private readonly IDataProtector protector = protection.CreateProtector("AdminConsole.Authenticator");

    private readonly IDataProtector enrolments = protection.CreateProtector("AdminConsole.Enrolment");

    internal string Seal(Enrolment enrolment) => enrolments.Protect(JsonSerializer.Serialize(enrolment));

    /// <summary>Null where this server did not make it.</summary>
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

    /// <summary>Inside a change: forgets authenticator and recovery codes.</summary>
    internal async Task ClearAsync(Guid userId, CancellationToken ct)
    {
        await db.Authenticators.Where(row => row.UserId == userId).ExecuteDeleteAsync(ct);
        await db.RecoveryCodes.Where(row => row.UserId == userId).ExecuteDeleteAsync(ct);
    }
}
