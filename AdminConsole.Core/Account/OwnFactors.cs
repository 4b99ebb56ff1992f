using System.Security.Cryptography;
using AdminConsole.Core.Authentication;
using AdminConsole.Core.Changes;
using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Data;
using AdminConsole.Core.Identity;
using AdminConsole.Core.Security;
using AdminConsole.Core.Users;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Core.Account;

/// <summary>A new authenticator secret that is not confirmed yet. The caller stores it and returns <see cref="Secret"/>
/// with the first code.</summary>
/// <param name="Secret">20 random bytes.</param>
/// <param name="Key">The secret for manual entry: base32 in groups of four.</param>
/// <param name="Address">The otpauth URI for the QR code.</param>
/// <param name="Enrolment">The secret, encrypted for the user and valid for 10 minutes. API clients return it with the
/// first code.</param>
public sealed record AuthenticatorOffer(byte[] Secret, string Key, string Address, string Enrolment);

/// <summary>The factors that a user can sign in with.</summary>
/// <param name="Authenticator">When the authenticator app was set up; null if there is none.</param>
/// <param name="RecoveryCodesLeft">The number of unused recovery codes.</param>
/// <param name="HasPassword">False for users who sign in only with a passkey or an identity provider.</param>
public sealed record FactorState(DateTimeOffset? Authenticator, int RecoveryCodesLeft, bool HasPassword);

/// <summary>Sets up and removes the actor's own second factor. Requires a recent sign-in
/// (<c>fresh_sign_in_required</c>). Also available while a role requires a factor that is not set up yet, when most
/// other operations are refused.</summary>
public sealed class OwnFactors(AppDbContext db, AppUserManager users, FactorProtector factors, TwoFactorChallenge codes, TimeProvider clock)
{
    private const string Issuer = "AdminConsole";

    private static readonly Refusal AlreadyEnabled = Refusal.Conflict(
        "mfa_already_enabled",
        "An authenticator app is already set up. Remove it first."
    );

    private static readonly Refusal InvalidEnrolment = Refusal.Invalid("invalid_enrolment", "This setup has expired. Start over.");

    private static readonly Refusal NotEnabled = Refusal.Conflict("mfa_not_enabled", "No authenticator app is set up.");

    public async Task<Result<FactorState>> GetAsync(Actor actor, CancellationToken ct)
    {
        if (actor.RequireOwnFactors() is { } refused)
        {
            return refused;
        }

        var since = await db
            .Authenticators.Where(row => row.UserId == actor.UserId)
            .Select(row => (DateTimeOffset?)row.CreatedAt)
            .SingleOrDefaultAsync(ct);
        return new FactorState(
            since,
            await db.RecoveryCodes.CountAsync(row => row.UserId == actor.UserId, ct),
            await db.Users.AnyAsync(user => user.Id == actor.UserId && user.PasswordHash != null, ct)
        );
    }

    /// <summary>Returns a new secret to show. Nothing is stored until a code confirms that the app has it. Refused as
    /// <c>mfa_already_enabled</c>.</summary>
    public async Task<Result<AuthenticatorOffer>> OfferAsync(Actor actor, CancellationToken ct)
    {
        if (Refused(actor) is { } refused)
        {
            return refused;
        }

        if (await db.Authenticators.AnyAsync(row => row.UserId == actor.UserId, ct) || await OwnAsync(actor, ct) is not { } user)
        {
            return AlreadyEnabled;
        }

        var secret = RandomNumberGenerator.GetBytes(Totp.SecretLength);
        var key = Totp.KeyOf(secret);
        return new AuthenticatorOffer(
            secret,
            string.Join(' ', key.Chunk(4).Select(part => new string(part))),
            $"otpauth://totp/{Uri.EscapeDataString($"{Issuer}:{actor.Name}")}?secret={key}&issuer={Issuer}"
                + $"&algorithm=SHA1&digits={Totp.Digits}&period=30",
            factors.Seal(new Enrolment(user.Id, user.SecurityStamp!, secret, clock.Now() + Enrolment.Lifetime))
        );
    }

    /// <summary>Confirms an <see cref="AuthenticatorOffer.Enrolment"/> that an API client returned. Refused as
    /// <c>invalid_enrolment</c> if it expired or the security stamp has changed since.</summary>
    public async Task<Result<IReadOnlyList<string>>> ConfirmAsync(Actor actor, ConfirmTotpRequest request, CancellationToken ct)
    {
        if ((Refused(actor) ?? Validation.Check(request)) is { } refused)
        {
            return refused;
        }

        return factors.Open(request.Enrolment) is { } enrolment && enrolment.UserId == actor.UserId && enrolment.ExpiresAt > clock.Now()
            ? await ConfirmAsync(actor, enrolment.Secret, request.Code, enrolment.Stamp, ct)
            : InvalidEnrolment;
    }

    /// <summary>Enables the second factor and returns the recovery codes, which are not shown again. Refused as
    /// <c>validation_failed</c> if the code does not match the secret.</summary>
    public async Task<Result<IReadOnlyList<string>>> ConfirmAsync(
        Actor actor,
        AuthenticatorOffer offer,
        string code,
        CancellationToken ct
    ) => Refused(actor) ?? await ConfirmAsync(actor, offer.Secret, code, stamp: null, ct);

    private async Task<Result<IReadOnlyList<string>>> ConfirmAsync(
        Actor actor,
        byte[] offered,
        string code,
        string? stamp,
        CancellationToken ct
    )
    {
        if (Totp.StepOf(offered, code, clock.Now()) is not { } step)
        {
            return Refusal.InvalidField("code", "Incorrect code. Check that your phone's time is set automatically.");
        }

        var secret = factors.Protect(offered);
        return await db.ChangeAsync<IReadOnlyList<string>>(
            actor,
            null,
            async change =>
            {
                if (await db.Authenticators.AnyAsync(row => row.UserId == actor.UserId, ct) || await OwnAsync(actor, ct) is not { } user)
                {
                    return AlreadyEnabled;
                }

                if (stamp is not null && user.SecurityStamp != stamp)
                {
                    return InvalidEnrolment;
                }

                db.Add(
                    new Authenticator
                    {
                        UserId = user.Id,
                        Protected = secret,
                        LastStep = step,
                        CreatedAt = change.At,
                    }
                );
                await users.SetTwoFactorEnabledAsync(user, true);
                change.Record(AuditActions.MfaEnabled, user.AsTarget(), new { method = "totp" });
                return Result.Of(await RenewRecoveryCodesAsync(change, user));
            },
            ct
        );
    }

    /// <summary>Disables the second factor. Requires an authenticator code or a recovery code; a wrong one counts as a
    /// failed sign-in.</summary>
    public async Task<Result<Unit>> DisableAsync(Actor actor, string? code, string? recoveryCode, CancellationToken ct) =>
        Refused(actor)
        ?? await codes.RunAsync<Unit>(
            actor,
            code,
            recoveryCode,
            async (change, user) =>
            {
                await users.SetTwoFactorEnabledAsync(user, false);
                await factors.ClearAsync(user.Id, ct);
                change.Record(AuditActions.MfaDisabled, user.AsTarget(), new { reason = "by its owner" });
                return default(Unit);
            },
            ct
        );

    /// <summary>Creates ten recovery codes; the old ones stop working. Refused as <c>mfa_not_enabled</c>.</summary>
    public async Task<Result<IReadOnlyList<string>>> RenewRecoveryCodesAsync(Actor actor, CancellationToken ct) =>
        Refused(actor)
        ?? await db.ChangeAsync<IReadOnlyList<string>>(
            actor,
            null,
            async change =>
                await db.Authenticators.AnyAsync(row => row.UserId == actor.UserId, ct) && await OwnAsync(actor, ct) is { } user
                    ? Result.Of(await RenewRecoveryCodesAsync(change, user))
                    : NotEnabled,
            ct
        );

    // Only this response contains the codes.
    private async Task<IReadOnlyList<string>> RenewRecoveryCodesAsync(ChangeContext change, AppUser user)
    {
        var renewed = await users.GenerateNewTwoFactorRecoveryCodesAsync(user, RecoveryCode.Count);
        change.Record(AuditActions.RecoveryCodesGenerated, user.AsTarget(), new { count = RecoveryCode.Count });
        return [.. renewed!];
    }

    private Refusal? Refused(Actor actor) => actor.RequireOwnFactors() ?? actor.RequireRecentSignIn(clock.Now());

    private Task<AppUser?> OwnAsync(Actor actor, CancellationToken ct) =>
        db.Users.SingleOrDefaultAsync(user => user.Id == actor.UserId, ct);
}
