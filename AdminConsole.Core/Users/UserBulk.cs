using AdminConsole.Core.Contracts;
using AdminConsole.Core.Names;
using AdminConsole.Core.Passwords;
using AdminConsole.Core.Roles;
using AdminConsole.Core.Security;
using AdminConsole.Core.Sessions;

namespace AdminConsole.Core.Users;

/// <summary>The acts that can be done to many users at once, under their public names.</summary>
public sealed class UserBulk(UserBatch batch, UserActs acts, RoleAssignments roles, UserCredentials credentials, SessionDirectory sessions)
{
    /// <summary>What <see cref="BulkRequest.Action"/> may be.</summary>
    public static readonly IReadOnlyList<string> Actions =
        ["activate", "deactivate", "unlock", "lockdown", "delete", "add-role", "remove-role", "require-password-change", "end-sessions"];

    private static readonly Refusal Oneself =
        Refusal.Conflict("self_forbidden", "You are among them yourself. Do that to yourself alone, on purpose.");

    /// <summary>
    /// Applies the act to each user or says why not. Refused as a whole as <c>validation_failed</c>, <c>unknown_role</c>, or where
    /// the actor may not do it to anybody. Needs what the act on one user needs.
    /// </summary>
    /// <param name="actor">Who asks.</param>
    /// <param name="request">Which act, on whom.</param>
    /// <param name="progress">Told after every few dozen; may be null.</param>
    /// <param name="ct">Stops it between two chunks; what was done stays done.</param>
    public async Task<Result<BulkResult>> RunAsync(Actor actor, BulkRequest request, IProgress<BulkProgress>? progress, CancellationToken ct)
    {
        if ((Validation.Check(request) ?? NameText.CheckText("reason", request.Reason, allowLineBreaks: true) ?? CheckIds(request.Ids, "ids")) is { } invalid)
        {
            return invalid;
        }

        if (ActOf(request) is not { } act)
        {
            return Refusal.InvalidField("action", $"An action is one of: {string.Join(", ", Actions)}.");
        }

        if (request.Action is "add-role" or "remove-role")
        {
            if (string.IsNullOrWhiteSpace(request.Role))
            {
                return Refusal.InvalidField("role", "Say which role.");
            }

            if (actor.Refused(act.Permission) is null && await roles.UnknownAsync(request.Role, ct) is { } unknown)
            {
                return unknown;
            }
        }

        return await batch.RunAsync(actor, request.Ids, act, request.DryRun, progress, ct);
    }

    /// <summary>Null where there are 1 to <see cref="Limits.Bulk"/>.</summary>
    internal static Refusal? CheckIds(IReadOnlyCollection<Guid> ids, string field) =>
        ids.Count is 0 or > Limits.Bulk ? Refusal.InvalidField(field, $"Name 1 to {Limits.Bulk:N0} at once.") : null;

    private UserAct? ActOf(BulkRequest request) => request.Action switch
    {
        "activate" => acts.Activating,
        "deactivate" => acts.Deactivating(request.Reason, until: null),
        "unlock" => acts.Unlocking,
        "lockdown" => acts.LockingDown(request.Reason),
        "delete" => acts.Deleting,
        "add-role" => roles.Adding(request.Role ?? ""),
        "remove-role" => ForOthers(roles.Removing(request.Role ?? "")),
        "require-password-change" => ForOthers(credentials.RequiringPasswordChange),
        "end-sessions" => ForOthers(sessions.EndingAll),
        _ => null,
    };

    // Alone one may do these to oneself; among many it would be an accident, and end the actor's right in the middle of it.
    private static UserAct ForOthers(UserAct act) => act with
    {
        RunAsync = (change, user, ct) => user.Id == change.Actor.UserId ? Task.FromResult<Refusal?>(Oneself) : act.RunAsync(change, user, ct),
    };
}
