using AdminConsole.Core.Changes;
using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Data;
using AdminConsole.Core.Identity;
using AdminConsole.Core.Providers;
using AdminConsole.Core.Security;
using AdminConsole.Core.Users;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Core.Authentication;

/// <summary>Re-authenticates the actor with the same factors as a sign-in. Sensitive operations are then allowed for 15
/// minutes, unless the settings differ.</summary>
public sealed class Reauthentication(AppDbContext db, PasswordSignIn signIn, TwoFactorChallenge codes, Lockout lockout)
{
    /// <summary>Verifies the password and, if required, a code. Failures count as failed sign-ins. Refused as
    /// <c>invalid_credentials</c>, or <c>mfa_required</c> if a code is required.</summary>
    public async Task<Result<Unit>> ConfirmAsync(Actor actor, ReauthenticateRequest request, CancellationToken ct)
    {
        if ((actor.RequireOwnFactors() ?? Validation.Check(request)) is { } refused)
        {
            return refused;
        }

        if (string.IsNullOrEmpty(request.Password))
        {
            return Refusal.InvalidField("password", "Enter your password.");
        }

        if (await RequiredProviders.AppliesAsync(db, await db.Users.AsNoTracking().SingleAsync(row => row.Id == actor.UserId, ct), ct))
        {
            return RequiredProviders.Required;
        }

        using var lease = await lockout.EnterAsync(actor.Name, ct);
        if (lease is null)
        {
            return PasswordSignIn.TooManySignIns;
        }

        var verified = await signIn.VerifyOwnAsync(actor, request.Password, ct);
        if (verified.Refusal is { } wrong)
        {
            return wrong;
        }

        var (user, reservation) = verified.Value;
        if (!user.TwoFactorEnabled)
        {
            return await db.ChangeAsync<Unit>(
                actor,
                null,
                async change =>
                {
                    await lockout.ReleaseAsync(reservation, ct);
                    return await MarkRecentlyAuthenticatedAsync(
                        db,
                        change,
                        await db.Users.SingleAsync(row => row.Id == actor.UserId, ct),
                        SignInMethods.Password,
                        ct
                    );
                },
                ct
            );
        }

        if (string.IsNullOrWhiteSpace(request.Code) && string.IsNullOrWhiteSpace(request.RecoveryCode))
        {
            await lockout.CancelAsync(reservation, ct);
            return TwoFactorSignIn.MfaRequired;
        }

        return await codes.RunReservedAsync<Unit>(
            actor,
            user,
            reservation,
            request.Code,
            request.RecoveryCode,
            async (change, current) =>
                await MarkRecentlyAuthenticatedAsync(
                    db,
                    change,
                    current,
                    $"{SignInMethods.Password}+{(string.IsNullOrWhiteSpace(request.Code) ? "recovery_code" : "totp")}",
                    ct
                ),
            ct
        );
    }

    /// <summary>Sets the authentication time of the actor's session or device to now, inside a change.</summary>
    internal static async Task<Unit> MarkRecentlyAuthenticatedAsync(
        AppDbContext db,
        ChangeContext change,
        AppUser user,
        string method,
        CancellationToken ct
    )
    {
        var (id, device) = (change.Actor.SessionId, change.Actor.DeviceId);
        await db
            .ConnectedDevices.Where(row => row.Id == device)
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.AuthenticatedAt, change.At), ct);
        await db
            .Sessions.Where(session => session.Id == id)
            .ExecuteUpdateAsync(set => set.SetProperty(session => session.AuthenticatedAt, change.At), ct);
        change.Record(AuditActions.SignedIn, user.AsTarget(), new { method, reauthenticated = true });
        return default;
    }
}
