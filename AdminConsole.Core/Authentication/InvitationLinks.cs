using AdminConsole.Core.Common;
using AdminConsole.Core.Identity;
using AdminConsole.Core.Security;
using AdminConsole.Core.Users;

namespace AdminConsole.Core.Authentication;

/// <summary>Issues links for a new user's first password, to be delivered by other means than email. They work once and
/// are valid for 7 days.</summary>
public sealed class InvitationLinks(AppUserManager users, UserOperationRunner runner, UserCredentialRevoker access)
{
    private static readonly Refusal HasPassword = Refusal.Conflict(
        "has_password",
        "This user already has a password. Create a reset link instead."
    );

    /// <summary>Issues an invitation link; earlier links stop working. Refused as <c>above_you</c>,
    /// <c>fresh_sign_in_required</c>, or <c>has_password</c> if the user already has a password.</summary>
    public async Task<Result<IssuedReset>> IssueAsync(Actor actor, Guid userId, CancellationToken ct)
    {
        IssuedReset? issued = null;
        var operation = new UserOperation(
            Permissions.UsersCredentials,
            async (change, user, stop) =>
            {
                if (change.Actor.RequireForOwnCredentials(user.Id) is { } refused)
                {
                    return refused;
                }

                if (user.PasswordHash is not null)
                {
                    return HasPassword;
                }

                await access.RevokeAsync(change, user, CredentialRevocation.Links, stop);
                var secret = await Invitations.CreateAsync(users, change, user);
                issued = new IssuedReset(user.SignInName, secret, user.Email is not null);
                return null;
            }
        )
        {
            IsSensitive = true,
        };
        var result = await runner.RunWithoutResultAsync(actor, userId, operation, ct);
        return result.Then(_ => issued!);
    }
}
