using AdminConsole.Core.Changes;
using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Security;

namespace AdminConsole.Core.Users;

/// <summary>Marks the accounts that may sign in without an identity provider even if a role requires one. They can
/// still sign in when no identity provider is available.</summary>
public sealed class BreakGlassAccounts(UserOperationRunner runner)
{
    /// <summary>Marks or unmarks an account. Requires directory.write and a recent sign-in. Refused as
    /// <c>above_you</c>, or <c>last_admin</c> if no break-glass administrator would remain while a role requires a
    /// provider.</summary>
    public Task<Result<UserDetails>> SetAsync(Actor actor, Guid userId, bool breakGlass, CancellationToken ct) =>
        runner.RunAsync(
            actor,
            userId,
            new UserOperation(
                Permissions.DirectoryWrite,
                (change, user, _) =>
                {
                    if (user.BreakGlass != breakGlass)
                    {
                        user.SetBreakGlass(breakGlass, change.At);
                        change.Record(
                            AuditActions.UserUpdated,
                            user.AsTarget(),
                            new { changes = FieldChange.Between(new FieldChange("breakGlass", !breakGlass, breakGlass)) }
                        );
                    }

                    return Task.FromResult<Refusal?>(null);
                }
            )
            {
                IsSensitive = true,
            },
            ct
        );
}
