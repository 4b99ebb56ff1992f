using AdminConsole.Core.Changes;
using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Email;
using AdminConsole.Core.Identity;
using AdminConsole.Core.Security;

namespace AdminConsole.Core.Users;

/// <summary>The operations that control whether a user can sign in, for single and bulk use.</summary>
public sealed class UserOperations(AppUserManager users, UserCredentialRevoker access, UserRenaming renaming)
{
    internal UserOperation Activate { get; } =
        new(
            Permissions.UsersWrite,
            (change, user, _) =>
            {
                if (!user.Active)
                {
                    user.Activate(change.At);
                    change.Record(AuditActions.UserActivated, user.AsTarget());
                }

                return Task.FromResult<Refusal?>(null);
            }
        );

    internal UserOperation Unlock =>
        new(
            Permissions.UsersWrite,
            async (change, user, _) =>
            {
                await users.UnlockAsync(user);
                change.Record(AuditActions.UserUnlocked, user.AsTarget());
                return null;
            }
        );

    internal UserOperation Rename(UpdateUserRequest request) =>
        new(Permissions.UsersWrite, (change, user, ct) => renaming.RenameAsync(change, user, request, ct));

    internal UserOperation Delete =>
        new(
            Permissions.UsersWrite,
            async (change, user, ct) =>
            {
                if (IsSelf(change, user))
                {
                    return SelfForbidden("delete");
                }

                var ended = await access.RevokeAsync(change, user, CredentialRevocation.Everything, ct);
                if ((await users.DeleteAsync(user)).ToRefusal("id") is { } refused)
                {
                    return refused;
                }

                change.Record(
                    AuditActions.UserDeleted,
                    user.AsTarget(),
                    new
                    {
                        user.Email,
                        user.UserName,
                        user.DisplayName,
                        tokensRevoked = ended.Tokens,
                    }
                );
                return null;
            }
        )
        {
            IsSensitive = true,
        };

    /// <summary>Deactivates the user and ends their sessions. For a deactivated user, updates the end and the reason if
    /// they differ.</summary>
    internal UserOperation Deactivate(string? reason, DateTimeOffset? until) =>
        new(
            Permissions.UsersWrite,
            async (change, user, ct) =>
            {
                var end = until?.Stored();
                if (end <= change.At)
                {
                    return Refusal.InvalidField("until", "Choose a date in the future.");
                }

                if (IsSelf(change, user))
                {
                    return SelfForbidden("deactivate");
                }

                if (user.LockedDownAt is not null && !user.Active && end is not null)
                {
                    return Refusal.InvalidField("until", "This user is locked down and stays so until an administrator reactivates them.");
                }

                var newReason = Trimmed(reason);
                var keepsReason = newReason is null || newReason == user.DeactivatedReason;
                if (!user.Active && user.DeactivatedUntil == end && keepsReason)
                {
                    return null;
                }

                user.Deactivate(change.Actor, change.At, newReason ?? user.DeactivatedReason, end);
                var ended = await access.RevokeAsync(change, user, CredentialRevocation.SignedIn, ct);
                change.Record(
                    AuditActions.UserDeactivated,
                    user.AsTarget(),
                    new
                    {
                        reason = user.DeactivatedReason,
                        until = end,
                        sessionsEnded = ended.Sessions,
                        devicesEnded = ended.Devices,
                        resetLinksEnded = ended.ResetLinks,
                        codesEnded = ended.Codes,
                    }
                );
                return null;
            }
        );

    /// <summary>Deactivates the user and revokes all access. Also applies to a deactivated user, who may still have a
    /// valid link.</summary>
    internal UserOperation LockDown(string? reason) =>
        new(
            Permissions.UsersWrite,
            async (change, user, ct) =>
            {
                if (IsSelf(change, user))
                {
                    return SelfForbidden("lock down");
                }

                var wasActive = user.Active;
                user.LockDown(change.Actor, change.At, Trimmed(reason) ?? "Locked down");
                (await access.RevokeAsync(change, user, CredentialRevocation.Everything, ct)).RecordLockdown(change, user, wasActive);
                change.Mail(user, EmailTemplates.LockedDown(user, change, change.Actor.Name));
                return null;
            }
        )
        {
            IsSensitive = true,
        };

    /// <summary>Ends all sessions of the user.</summary>
    internal UserOperation EndSessions =>
        new(
            Permissions.SessionsEnd,
            async (change, user, ct) =>
            {
                var ended = await access.RevokeAsync(change, user, CredentialRevocation.EachSession("ended by an administrator"), ct);
                ended.RecordSessionsEnded(change, user);
                return null;
            }
        );

    private static bool IsSelf(ChangeContext change, AppUser user) => user.Id == change.Actor.UserId;

    private static Refusal SelfForbidden(string verb) => Refusal.Conflict("self_forbidden", $"You can't {verb} your own account.");

    private static string? Trimmed(string? reason) => string.IsNullOrWhiteSpace(reason) ? null : reason.Trim();
}
