using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AdminConsole.Core.Audit;
using AdminConsole.Core.Data;
using AdminConsole.Core.Users;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Core.Mfa;

/// <summary>A code that fits, before it is spent.</summary>
internal sealed record FactorProof(Guid UserId, Authenticator? Authenticator, long Step, byte[]? RecoveryHash)
{
    /// <summary>As the session's method and the audit log call it.</summary>
    public string Name => Authenticator is null ? "recovery_code" : "totp";
}

/// <summary>An authenticator app that is offered to a user and not confirmed yet. The security stamp ends it with other pending access.</summary>
internal sealed record Enrolment(Guid UserId, string Stamp, byte[] Secret, DateTimeOffset ExpiresAt)
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);
}

/// <summary>
/// Second factors. Checking a code happens before the change that uses it, because the key ring may have to be read; spending it is one conditional
/// statement inside, which of many at once succeeds for one.
/// </summary>
public sealed class Factors(AppDbContext db, IDataProtectionProvider protection, TimeProvider clock)
{
    private const string Letters = "BCDFGHJKLMNPQRSTVWXZ";
    private const int RecoveryLength = 16;

    // Steps. A code that was used so long from now was used by a clock that was ahead, and must not keep out the codes of today.
    private const int FarAhead = 20;

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

    /// <summary>What a code or, without one, a recovery code proves; null where it fits nothing.</summary>
    internal async Task<FactorProof?> CheckAsync(Guid userId, string? code, string? recoveryCode, CancellationToken ct)
    {
        if (string.IsNullOrWhiteSpace(code))
        {
            return Normalize(recoveryCode) is { } letters ? new FactorProof(userId, null, 0, Hash(userId, letters)) : null;
        }

        return await db.Authenticators.AsNoTracking().SingleOrDefaultAsync(row => row.UserId == userId, ct) is { } authenticator
            && Totp.StepOf(protector.Unprotect(Convert.FromBase64String(authenticator.Protected)), code, clock.Now()) is { } step
            ? new FactorProof(userId, authenticator, step, null)
            : null;
    }

    /// <summary>Inside a change. False where the code was used before, or the factor is another by now.</summary>
    internal async Task<bool> SpendAsync(Change change, AppUser user, FactorProof proof, CancellationToken ct)
    {
        if (proof.Authenticator is { } authenticator)
        {
            return await db.Authenticators.Where(row => row.UserId == user.Id && row.Protected == authenticator.Protected && (row.LastStep < proof.Step || row.LastStep > proof.Step + FarAhead))
                .ExecuteUpdateAsync(set => set.SetProperty(row => row.LastStep, proof.Step), ct) == 1;
        }

        var hash = proof.RecoveryHash!;
        if (await db.RecoveryCodes.Where(row => row.UserId == user.Id && row.Hash == hash).ExecuteDeleteAsync(ct) == 0)
        {
            return false;
        }

        var left = await db.RecoveryCodes.CountAsync(row => row.UserId == user.Id, ct);
        change.Record(AuditActions.RecoveryCodeUsed, user.AsTarget(), new { left }, change.Actor.As(user.Id, user.SignInName));
        return true;
    }

    /// <summary>Inside a change: ten new recovery codes in place of the old ones. They are in this answer and never again.</summary>
    internal async Task<IReadOnlyList<string>> RenewRecoveryCodesAsync(Change change, AppUser user, CancellationToken ct)
    {
        await db.RecoveryCodes.Where(row => row.UserId == user.Id).ExecuteDeleteAsync(ct);
        var codes = Enumerable.Range(0, RecoveryCode.Count).Select(_ => RandomNumberGenerator.GetString(Letters, RecoveryLength)).ToList();
        db.AddRange(codes.Select(code => new RecoveryCode { UserId = user.Id, Hash = Hash(user.Id, code) }));
        change.Record(AuditActions.RecoveryCodesGenerated, user.AsTarget(), new { count = RecoveryCode.Count });
        return codes.ConvertAll(code => string.Join('-', code.Chunk(4).Select(part => new string(part))));
    }

    /// <summary>Inside a change: forgets authenticator and recovery codes.</summary>
    internal async Task ClearAsync(Change change, AppUser user, CancellationToken ct)
    {
        user.ClearSecondFactor(change.At);
        await db.Authenticators.Where(row => row.UserId == user.Id).ExecuteDeleteAsync(ct);
        await db.RecoveryCodes.Where(row => row.UserId == user.Id).ExecuteDeleteAsync(ct);
    }

    // The user goes in, so that nobody looks a code up for all users at once.
    private static byte[] Hash(Guid userId, string letters) => SHA256.HashData(Encoding.ASCII.GetBytes($"{userId:N}{letters}"));

    private static string? Normalize(string? code)
    {
        var letters = (code ?? "").Replace("-", "", StringComparison.Ordinal).Replace(" ", "", StringComparison.Ordinal).ToUpperInvariant();
        return letters.Length == RecoveryLength && letters.All(letter => Letters.Contains(letter, StringComparison.Ordinal)) ? letters : null;
    }
}
