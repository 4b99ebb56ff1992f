using AdminConsole.Core.Changes;
using AdminConsole.Core.Common;
using AdminConsole.Core.Data;
using AdminConsole.Core.Providers;
using AdminConsole.Core.Security;
using AdminConsole.Core.Users;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Core.Authentication;

/// <summary>Signs in with a passkey alone. The device and the way it is unlocked are two factors, so no code is
/// required. Lockout does not apply, because there is nothing to guess.</summary>
public sealed class PasskeySignIn(AppDbContext db)
{
    private static readonly Refusal Invalid = Refusal.Unauthenticated(
        "invalid_credentials",
        "This passkey isn't accepted. It may have been removed, or the request timed out."
    );

    /// <summary>Starts a session for the owner of the passkey that signed the challenge. Refused as
    /// <c>invalid_credentials</c>.</summary>
    /// <param name="caller">The caller, who is not signed in yet.</param>
    /// <param name="userId">The owner of the passkey.</param>
    /// <param name="passkey">The passkey, as updated by the verified assertion.</param>
    /// <param name="challenge">The challenge that was signed. It is consumed.</param>
    /// <param name="remember">True for a session of 30 days instead of 8 hours, unless the settings differ.</param>
    /// <param name="ct">Observed until the commit begins.</param>
    public Task<Result<SignedIn>> SignInAsync(
        Actor caller,
        Guid userId,
        UserPasskeyInfo passkey,
        SingleUseToken challenge,
        bool remember,
        CancellationToken ct
    ) =>
        db.ChangeAsync<SignedIn>(
            caller,
            null,
            async change =>
            {
                var used = await UseAsync(change, userId, passkey, challenge, ct);
                if (used.Refusal is null && used.Value.Active)
                {
                    if (await RequiredProviders.AppliesAsync(db, used.Value, ct))
                    {
                        change.Record(AuditActions.SignInFailed, used.Value.AsTarget(), new { reason = RequiredProviders.Required.Code });
                        return RequiredProviders.Required.Recorded();
                    }

                    return await PasswordSignIn.StartSessionAsync(db, change, used.Value, SignInMethods.Passkey, remember, ct);
                }

                change.Record(
                    AuditActions.SignInFailed,
                    used.Match(user => user.AsTarget(), _ => null!),
                    new { reason = used.Refusal is null ? "inactive" : "wrong_passkey" }
                );
                return Invalid.Recorded();
            },
            ct
        );

    /// <summary>Records a failed sign-in: an unknown or removed passkey, a signature for another site, or an expired
    /// challenge. Always refused as <c>invalid_credentials</c>.</summary>
    public Task<Result<SignedIn>> FailAsync(Actor caller, CancellationToken ct) =>
        db.ChangeAsync<SignedIn>(
            caller,
            null,
            change =>
            {
                change.Record(AuditActions.SignInFailed, null, new { reason = "wrong_passkey" });
                return Task.FromResult<Result<SignedIn>>(Invalid.Recorded());
            },
            ct
        );

    /// <summary>Re-authenticates the actor. Refused as <c>invalid_credentials</c>, also for another user's
    /// passkey.</summary>
    public async Task<Result<Unit>> ReauthenticateAsync(
        Actor actor,
        Guid userId,
        UserPasskeyInfo? passkey,
        SingleUseToken challenge,
        CancellationToken ct
    ) =>
        actor.RequireOwnFactors()
        ?? await db.ChangeAsync<Unit>(
            actor,
            null,
            async change =>
            {
                var used = passkey is not null && userId == actor.UserId ? await UseAsync(change, userId, passkey, challenge, ct) : Invalid;
                return used.Refusal is { } refused ? refused
                    : await RequiredProviders.AppliesAsync(db, used.Value, ct) ? RequiredProviders.Required
                    : await Reauthentication.MarkRecentlyAuthenticatedAsync(db, change, used.Value, SignInMethods.Passkey, ct);
            },
            ct
        );

    // The passkey may have been removed since its signature was verified.
    private async Task<Result<AppUser>> UseAsync(
        ChangeContext change,
        Guid userId,
        UserPasskeyInfo passkey,
        SingleUseToken challenge,
        CancellationToken ct
    )
    {
        if (
            !await challenge.ConsumeAsync(db, change, ct)
            || await db.UserPasskeys.SingleOrDefaultAsync(row => row.CredentialId == passkey.CredentialId && row.UserId == userId, ct)
                is not { } row
            || await db.Users.SingleOrDefaultAsync(user => user.Id == userId, ct) is not { } found
        )
        {
            return Invalid;
        }

        row.Data.SignCount = passkey.SignCount;
        row.Data.IsBackedUp = passkey.IsBackedUp;
        row.Data.IsUserVerified = passkey.IsUserVerified;
        return found;
    }
}
