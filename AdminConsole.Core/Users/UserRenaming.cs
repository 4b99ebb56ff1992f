using AdminConsole.Core.Audit;
using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Data;
using AdminConsole.Core.Identity;
using AdminConsole.Core.Names;
using AdminConsole.Core.Roles;
using AdminConsole.Core.Security;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Core.Users;

/// <summary>
/// Changes the names of existing users. Email and username are credentials: control of the address is enough to set a
/// password. They need
/// users.credentials and a recent sign-in,
/// wherever they are changed. Personal access tokens are exempt from the recent sign-in, but never change their own
/// owner.
/// </summary>
public sealed class UserRenaming(AppDbContext db, AppUserManager users, UserCredentialRevoker access)
{
    /// <summary>Gives the user the names of the request, inside a change; null when done. Other names than the display
    /// name are refused as <see cref="Refused"/> says.</summary>
    internal async Task<Refusal?> RenameAsync(ChangeContext change, AppUser user, UpdateUserRequest request, CancellationToken ct)
    {
        var (email, userName, displayName) = (user.Email, user.UserName!, user.DisplayName);
        var newEmail = UserNameValidation.Given(request.Email, email, EmailAddress.Compose);
        var newUserName = UserNameValidation.Given(request.UserName, user.UserNameWith(newEmail), EmailAddress.Compose);
        var newDisplayName = UserNameValidation.Given(request.DisplayName, displayName, UnicodeText.Compose);
        var changes = FieldChange.Between(
            new("email", email, newEmail),
            new("userName", userName, newUserName),
            new("displayName", displayName, newDisplayName)
        );
        if (changes.Length == 0)
        {
            return null;
        }

        // A stored name that breaks a later rule, and stays, is no reason to refuse the rest.
        if (
            (
                (newEmail == email || newEmail is null ? null : EmailAddress.Check("email", newEmail))
                ?? (newEmail == email && newUserName == userName ? null : UserNameValidation.CheckUserName(newUserName, newEmail))
                ?? (newDisplayName == displayName ? null : NameText.Check("displayName", newDisplayName))
            ) is
            { } malformed
        )
        {
            return malformed;
        }

        if ((newEmail != email || newUserName != userName) && await RefusedAsync(change, user, ct) is { } refused)
        {
            return refused;
        }

        change.Record(AuditActions.UserUpdated, user.AsTarget(), new { changes });
        if (newEmail != email)
        {
            await access.EndAsync(change, user, CredentialRevocation.Address, ct);
        }
        else if (email is null && newUserName != userName)
        {
            // The links of an account without an email carry the username.
            await access.EndAsync(change, user, CredentialRevocation.Links, ct);
        }

        UserNameValidation.Rename(change, user, newEmail, newUserName, newDisplayName);
        return (await users.UpdateAsync(user)).ToRefusal("email");
    }

    /// <summary>Why the actor of a change may not give this user another email or username; the recent sign-in is
    /// checked apart.</summary>
    internal static Refusal? Refused(Actor actor, AppUser user, IEnumerable<AppRole> roles) =>
        actor.RequireForOwnCredentials(user.Id)
        ?? actor.Require(Permissions.UsersCredentials)
        ?? (RoleHierarchy.ExceedsCredential(roles, actor) ? Refusals.AboveYou : null);

    // A change of one's own profile needs no permission, so the actor is read again here.
    private async Task<Refusal?> RefusedAsync(ChangeContext change, AppUser user, CancellationToken ct) =>
        await db.CurrentAsync(change.Actor, ct) is not { } actor
            ? Refusals.Unauthenticated
            : Refused(actor, user, await RoleHierarchy.RolesOf(db, user.Id).AsNoTracking().ToListAsync(ct))
                ?? actor.RequireRecentSignIn(change.At);
}
