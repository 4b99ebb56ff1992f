using AdminConsole.Core.Changes;
using AdminConsole.Core.Common;
using AdminConsole.Core.Data;
using AdminConsole.Core.Identity;
using AdminConsole.Core.Security;

namespace AdminConsole.Core.Authentication;

/// <summary>Signs in with a verified response of an identity provider. If the account has an authenticator app, a code
/// is still required. Lockout does not apply, because there is nothing to guess.</summary>
public sealed class ExternalSignIn(AppDbContext db, AppUserManager users)
{
    public static readonly Refusal NotLinked = Refusal.Unauthenticated(
        "not_linked",
        "No account is linked to this sign-in. Sign in another way, then link it under Security."
    );

    public static readonly Refusal Expired = Refusal.Unauthenticated("expired", "Your sign-in timed out. Try again.");

    public static readonly Refusal Inactive = Refusal.Unauthenticated(
        "inactive",
        "Your account was deactivated. Contact your administrator."
    );

    /// <summary>Starts a session. Refused as <c>not_linked</c>, <c>inactive</c>, <c>expired</c>, or <c>mfa_required</c>
    /// with the pending sign-in that <see cref="TwoFactorSignIn"/> completes.</summary>
    /// <param name="caller">The caller, who is not signed in yet.</param>
    /// <param name="provider">The name of the authentication scheme.</param>
    /// <param name="key">The provider's id of the user.</param>
    /// <param name="answer">The single-use token of the provider's response. Consumed here, or with the code if one is
    /// required.</param>
    /// <param name="remember">True for a session of 30 days instead of 8 hours, unless the settings differ.</param>
    /// <param name="ct">Observed until the commit begins.</param>
    public Task<Result<SignedIn>> SignInAsync(
        Actor caller,
        string provider,
        string key,
        SingleUseToken answer,
        bool remember,
        CancellationToken ct
    ) =>
        db.ChangeAsync<SignedIn>(
            caller,
            null,
            async change =>
            {
                if (!await answer.ConsumeAsync(db, change, ct))
                {
                    return Expired;
                }

                var user = await users.FindByLoginAsync(provider, key);
                if (user is not { Active: true })
                {
                    var refusal = user is null ? NotLinked : Inactive;
                    change.Record(AuditActions.SignInFailed, user?.AsTarget(), new { reason = refusal.Code, provider });
                    return refusal.Recorded();
                }

                return user.TwoFactorEnabled
                    ? new SecondFactorRequired(new PendingSignIn(user.Id, user.SecurityStamp!, remember, SignInMethods.External))
                    : await PasswordSignIn.StartSessionAsync(db, change, user, SignInMethods.External, remember, ct);
            },
            ct
        );
}
