using AdminConsole.Core.Changes;
using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Data;
using AdminConsole.Core.Identity;
using AdminConsole.Core.Names;
using AdminConsole.Core.Roles;
using AdminConsole.Core.Security;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Core.Users;

/// <summary>Changes the names of existing users. Email and username are credentials, because access to the mailbox is
/// enough to set a password. Changing them always needs users.credentials and a recent sign-in. Personal access tokens
/// are exempt from the recent sign-in, but can't change their own owner.</summary>
public sealed class UserRenaming(AppDbContext db, AppUserManager users, UserCredentialRevoker access)
{
    /// <summary>Applies the names of the request inside a change; returns null on success. Changes other than to the
    /// display name are subject to <see cref="CheckAllowed"/>.</summary>
    internal async Task<Refusal?> RenameAsync(ChangeContext change, AppUser user, UpdateUserRequest request, CancellationToken ct)
    {
        var (email, userName, displayName) = (user.Email, user.UserName!, user.DisplayName);
        var newEmail = UserNameValidation.ResolveName(request.Email, email, EmailAddress.Compose);
        var newUserName = UserNameValidation.ResolveName(request.UserName, user.UserNameWith(newEmail), EmailAddress.Compose);
        var newDisplayName = UserNameValidation.ResolveName(request.DisplayName, displayName, UnicodeText.Compose);
        var changes = FieldChange.Between(
            new("email", email, newEmail),
            new("userName", userName, newUserName),
            new("displayName", displayName, newDisplayName)
        );
        if (changes.Length == 0)
        {
            return null;
        }

        // An unchanged name that violates a newer rule doesn't block other changes.
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
            await access.RevokeAsync(change, user, CredentialRevocation.Address, ct);
        }
        else if (email is null && newUserName != userName)
        {
            // The links of an account without an email contain the username.
            await access.RevokeAsync(change, user, CredentialRevocation.Links, ct);
        }

        UserNameValidation.Rename(change, user, newEmail, newUserName, newDisplayName);
        return (await users.UpdateAsync(user)).ToRefusal("email");
    }

    /// <summary>Returns why the actor may not change this user's email or username, or null. Doesn't check the recent
    /// sign-in.</summary>
    internal static Refusal? CheckAllowed(Actor actor, AppUser user, IEnumerable<AppRole> roles) =>
        actor.RequireForOwnCredentials(user.Id)
        ?? actor.Require(Permissions.UsersCredentials)
        ?? (RoleHierarchy.ExceedsCredential(roles, actor) ? Refusals.OutranksActor : null);

    // Users change their own profile without a permission, so the change didn't reload the actor.
    private async Task<Refusal?> RefusedAsync(ChangeContext change, AppUser user, CancellationToken ct) =>
        await db.CurrentAsync(change.Actor, ct) is not { } actor
            ? Refusals.Unauthenticated
            : CheckAllowed(actor, user, await RoleHierarchy.RolesOf(db, user.Id).AsNoTracking().ToListAsync(ct))
                ?? actor.RequireRecentSignIn(change.At);
}
