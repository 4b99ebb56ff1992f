using AdminConsole.Core.Changes;
using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Data;
using AdminConsole.Core.Identity;
using AdminConsole.Core.Names;
using AdminConsole.Core.Roles;
using AdminConsole.Core.Security;

namespace AdminConsole.Core.Users;

/// <summary>Creates, updates, deactivates, reactivates and deletes users.</summary>
public sealed class UserLifecycle(
    AppDbContext db,
    UserOperationRunner runner,
    UserOperations operations,
    RoleAssignments roles,
    AppUserManager users
)
{
    /// <summary>Creates a user with an email, a username or both. Roles other than the default also need roles.assign
    /// and a recent sign-in. Refused as <c>duplicate_email</c>, <c>duplicate_user_name</c> or
    /// <c>unknown_role</c>.</summary>
    public async Task<Result<UserDetails>> CreateAsync(Actor actor, CreateUserRequest request, CancellationToken ct)
    {
        var (email, userName) = (request.Email?.Trim(), request.UserName?.Trim());
        var displayName = string.IsNullOrWhiteSpace(request.DisplayName)
            ? AppUser.DefaultDisplayName(email, userName)
            : request.DisplayName.Trim();
        string[] wanted = request.Roles is null ? [AppRole.User] : [.. request.Roles];
        if (
            (
                actor.Require(Permissions.UsersWrite) ?? Validation.Check(request) ?? UserNameValidation.Check(email, userName, displayName)
            ) is
            { } refused
        )
        {
            return refused;
        }

        if (request is { Invite: true, Password: not null })
        {
            return Refusal.InvalidField("invite", "Either set a password or send an invitation.");
        }

        if (request is { MustChangePassword: true, Password: null })
        {
            return Refusal.InvalidField("mustChangePassword", "Requires a password. Users without one choose it themselves.");
        }

        if (request.Invite && email is null)
        {
            return Refusal.InvalidField("invite", "Invitations are sent by email. Enter an email, or set a password.");
        }

        if (wanted is not [AppRole.User] && await roles.CheckAllowedAsync(actor, ct) is { } denied)
        {
            return denied;
        }

        if (
            request.Password is { } chosen
            && await users.PrepareAsync(AppUser.Draft(email, userName, displayName), chosen, "password") is { } weak
        )
        {
            return weak;
        }

        return await db.ChangeAsync<UserDetails>(
            actor,
            Permissions.UsersWrite,
            async change =>
            {
                var user = AppUser.Create(email, userName, displayName, change.At);
                var created = request.Password is { } password ? await users.CreateAsync(user, password) : await users.CreateAsync(user);
                if (created.ToRefusal("email") is { } impossible)
                {
                    return impossible;
                }

                if (request.MustChangePassword)
                {
                    user.RequirePasswordChange(change.At);
                }

                change.Record(
                    AuditActions.UserCreated,
                    user.AsTarget(),
                    new
                    {
                        user.Email,
                        user.UserName,
                        user.DisplayName,
                        roles = wanted,
                        hasPassword = request.Password is not null,
                        BreachCheck = request.Password is { } given ? users.BreachCheckOf(given) : null,
                    }
                );
                if (await roles.ReplaceAsync(change, user, wanted) is { } unknown)
                {
                    return unknown;
                }

                if (request.Invite)
                {
                    await Invitations.InviteAsync(users, change, user);
                }

                return await db.UserDetailsAsync(user.Id, change.At, ct);
            },
            ct
        );
    }

    /// <summary>Updates the given fields. Changed roles also need roles.assign and a recent sign-in. A changed email or
    /// username needs users.credentials and a recent sign-in, and a token can't change its own owner's.</summary>
    public async Task<Result<UserDetails>> UpdateAsync(Actor actor, Guid id, UpdateUserRequest request, CancellationToken ct)
    {
        if ((Validation.Check(request) ?? (request.Roles is null ? null : await roles.CheckAllowedAsync(actor, ct))) is { } refused)
        {
            return refused;
        }

        return await runner.RunAsync(
            actor,
            id,
            new UserOperation(
                Permissions.UsersWrite,
                async (change, user, stop) =>
                {
                    if (await operations.Rename(request).RunAsync(change, user, stop) is { } renamed)
                    {
                        return renamed;
                    }

                    if (request.Roles is { } names && await roles.ReplaceAsync(change, user, names) is { } assigned)
                    {
                        return assigned;
                    }

                    return request.Active is { } active && active != user.Active
                        ? await (active ? operations.Activate : operations.Deactivate(null, null)).RunAsync(change, user, stop)
                        : null;
                }
            ),
            ct
        );
    }

    /// <summary>Allows the user to sign in again. Succeeds if the user is already active.</summary>
    public Task<Result<UserDetails>> ActivateAsync(Actor actor, Guid id, CancellationToken ct) =>
        runner.RunAsync(actor, id, operations.Activate, ct);

    /// <summary>Ends the user's sessions and blocks sign-in, indefinitely or until a given time. Refused as
    /// <c>self_forbidden</c> or <c>last_admin</c>.</summary>
    public async Task<Result<UserDetails>> DeactivateAsync(Actor actor, Guid id, DeactivateRequest request, CancellationToken ct) =>
        Validation.Check(request)
        ?? NameText.CheckText("reason", request.Reason, allowLineBreaks: true)
        ?? await runner.RunAsync(actor, id, operations.Deactivate(request.Reason, request.Until), ct);

    /// <summary>Blocks sign-in indefinitely and revokes all access: sessions, devices, tokens, links and known
    /// browsers. Makes one change with one event. Succeeds if the user is already deactivated. Needs a recent sign-in.
    /// Refused as <c>self_forbidden</c> or <c>last_admin</c>.</summary>
    public async Task<Result<UserDetails>> LockDownAsync(Actor actor, Guid id, LockdownRequest request, CancellationToken ct) =>
        Validation.Check(request)
        ?? NameText.CheckText("reason", request.Reason, allowLineBreaks: true)
        ?? await runner.RunAsync(actor, id, operations.LockDown(request.Reason), ct);

    /// <summary>Clears a lockout caused by too many failed sign-ins.</summary>
    public Task<Result<UserDetails>> UnlockAsync(Actor actor, Guid id, CancellationToken ct) =>
        runner.RunAsync(actor, id, operations.Unlock, ct);

    /// <summary>Deletes the user and all their data. The audit log keeps the name.</summary>
    public Task<Result<Unit>> DeleteAsync(Actor actor, Guid id, CancellationToken ct) =>
        runner.RunWithoutResultAsync(actor, id, operations.Delete, ct);
}
