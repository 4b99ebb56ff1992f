using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Names;
using AdminConsole.Core.Roles;
using AdminConsole.Core.Security;
using AdminConsole.Core.Sessions;

namespace AdminConsole.Core.Users;

/// <summary>An action on many users: its name in the API, and how people see it.</summary>
public sealed record BulkAction
{
    internal BulkAction(string name, string verb, string permission, Func<UserBulk, BulkRequest, UserOperation> act) =>
        (Name, Verb, Permission, Act) = (name, verb, permission, act);

    public string Name { get; }

    public string Verb { get; }

    /// <summary>What the act on each user takes.</summary>
    public string Permission { get; }

    public bool TakesReason { get; init; }

    public bool TakesRole { get; init; }

    /// <summary>True where it takes away what can't be given back.</summary>
    public bool IsDangerous { get; init; }

    /// <summary>The act on each user.</summary>
    internal Func<UserBulk, BulkRequest, UserOperation> Act { get; }
}

/// <summary>The acts that can be done to many users at once, under their public names.</summary>
public sealed class UserBulk(
    UserBatch batch,
    UserOperations acts,
    RoleAssignments roles,
    UserCredentials credentials,
    SessionDirectory sessions
)
{
    /// <summary>The only list of them: the API, its schema and the Users page read it. In the order that the page
    /// shows.</summary>
    public static readonly IReadOnlyList<BulkAction> Actions =
    [
        new("activate", "Activate", Permissions.UsersWrite, (bulk, _) => bulk.acts.Activate),
        new("deactivate", "Deactivate", Permissions.UsersWrite, (bulk, request) => bulk.acts.Deactivate(request.Reason, until: null))
        {
            TakesReason = true,
        },
        new("unlock", "Unlock", Permissions.UsersWrite, (bulk, _) => bulk.acts.Unlock),
        new("add-role", "Assign role", Permissions.RolesAssign, (bulk, request) => bulk.roles.Add(request.Role ?? "")) { TakesRole = true },
        new("remove-role", "Remove role", Permissions.RolesAssign, (bulk, request) => ForOthers(bulk.roles.Remove(request.Role ?? "")))
        {
            TakesRole = true,
        },
        new(
            "require-password-change",
            "Require password change",
            Permissions.UsersCredentials,
            (bulk, _) => ForOthers(bulk.credentials.RequirePasswordChange)
        ),
        new("end-sessions", "Sign out", Permissions.SessionsEnd, (bulk, _) => ForOthers(bulk.sessions.EndAll)),
        new("lockdown", "Lock down", Permissions.UsersWrite, (bulk, request) => bulk.acts.LockDown(request.Reason))
        {
            TakesReason = true,
            IsDangerous = true,
        },
        new("delete", "Delete", Permissions.UsersWrite, (bulk, _) => bulk.acts.Delete) { IsDangerous = true },
    ];

    private static readonly Refusal OwnAccountSelected = Refusal.Conflict(
        "self_forbidden",
        "This is your own account. Change it on its own."
    );

    private readonly UserOperations acts = acts;
    private readonly RoleAssignments roles = roles;
    private readonly UserCredentials credentials = credentials;
    private readonly SessionDirectory sessions = sessions;

    /// <summary>
    /// Applies the act to each user or says why not. Refused as a whole as <c>validation_failed </c>, <c>unknown_role
    /// </c>, or where
    /// the actor may not do it to anybody. Needs what the act on one user needs.
    /// </summary>
    /// <param name="actor">Who asks.</param>
    /// <param name="request">Which act, on whom.</param>
    /// <param name="progress">Told after every few dozen; may be null.</param>
    /// <param name="ct">Stops it between two chunks; what was done stays done.</param>
    public async Task<Result<BulkResult>> RunAsync(
        Actor actor,
        BulkRequest request,
        IProgress<BulkProgress>? progress,
        CancellationToken ct
    )
    {
        if (
            (
                Validation.Check(request)
                ?? NameText.CheckText("reason", request.Reason, allowLineBreaks: true)
                ?? CheckIds(request.Ids, "ids")
            ) is
            { } invalid
        )
        {
            return invalid;
        }

        if (Actions.SingleOrDefault(known => known.Name == request.Action) is not { } action)
        {
            return Refusal.InvalidField("action", $"An action is one of: {string.Join(", ", Actions.Select(known => known.Name))}.");
        }

        var act = action.Act(this, request);
        if (action.TakesRole)
        {
            if (string.IsNullOrWhiteSpace(request.Role))
            {
                return Refusal.InvalidField("role", "Choose a role.");
            }

            if (actor.Require(act.Permission) is null && await roles.UnknownAsync(request.Role, ct) is { } unknown)
            {
                return unknown;
            }
        }

        return await batch.RunAsync(actor, request.Ids, act, request.DryRun, progress, ct);
    }

    /// <summary>Null where there are 1 to <see cref="Limits.Bulk"/>.</summary>
    internal static Refusal? CheckIds(IReadOnlyCollection<Guid> ids, string field) =>
        ids.Count is 0 or > Limits.Bulk ? Refusal.InvalidField(field, $"Choose 1 to {Limits.Bulk:N0} at once.") : null;

    // Alone one may do these to oneself; among many it would be an accident, and end the actor's right in the middle of
    // it.
    private static UserOperation ForOthers(UserOperation act) =>
        act with
        {
            RunAsync = (change, user, ct) =>
                user.Id == change.Actor.UserId ? Task.FromResult<Refusal?>(OwnAccountSelected) : act.RunAsync(change, user, ct),
        };
}
