using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Names;
using AdminConsole.Core.Security;

namespace AdminConsole.Core.Users;

/// <summary>An action that can be applied to many users, with its API name and its label.</summary>
public sealed record BulkAction
{
    internal BulkAction(string name, string verb, string permission, Func<UserBulk, BulkRequest, UserOperation> operation) =>
        (Name, Verb, Permission, CreateOperation) = (name, verb, permission, operation);

    public string Name { get; }

    public string Verb { get; }

    /// <summary>The permission that the operation requires.</summary>
    public string Permission { get; }

    public bool TakesReason { get; init; }

    public bool TakesRole { get; init; }

    /// <summary>True when the action cannot be undone.</summary>
    public bool IsDangerous { get; init; }

    /// <summary>Creates the operation that runs for each user.</summary>
    internal Func<UserBulk, BulkRequest, UserOperation> CreateOperation { get; }
}

/// <summary>Applies an action to many users at once.</summary>
public sealed class UserBulk(UserOperationRunner runner, UserOperations operations, RoleAssignments roles, UserCredentials credentials)
{
    /// <summary>All bulk actions, in display order. The API, its schema and the Users page use this list.</summary>
    public static readonly IReadOnlyList<BulkAction> Actions =
    [
        new("activate", "Activate", Permissions.UsersWrite, (bulk, _) => bulk.operations.Activate),
        new("deactivate", "Deactivate", Permissions.UsersWrite, (bulk, request) => bulk.operations.Deactivate(request.Reason, until: null))
        {
            TakesReason = true,
        },
        new("unlock", "Unlock", Permissions.UsersWrite, (bulk, _) => bulk.operations.Unlock),
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
        new("end-sessions", "Sign out", Permissions.SessionsEnd, (bulk, _) => ForOthers(bulk.operations.EndSessions)),
        new("lockdown", "Lock down", Permissions.UsersWrite, (bulk, request) => bulk.operations.LockDown(request.Reason))
        {
            TakesReason = true,
            IsDangerous = true,
        },
        new("delete", "Delete", Permissions.UsersWrite, (bulk, _) => bulk.operations.Delete) { IsDangerous = true },
    ];

    private static readonly Refusal OwnAccountSelected = Refusal.Conflict(
        "self_forbidden",
        "This is your own account. Change it on its own."
    );

    private readonly UserOperations operations = operations;
    private readonly RoleAssignments roles = roles;
    private readonly UserCredentials credentials = credentials;

    /// <summary>Applies an action to each user, or reports why it was refused. Refused as a whole as
    /// <c>validation_failed</c> or <c>unknown_role</c>, or if the actor may not perform the action at all. Each action
    /// requires the same permission as for a single user.</summary>
    /// <param name="actor">The user or program that makes the request.</param>
    /// <param name="request">The action and the users.</param>
    /// <param name="progress">Receives the progress after each chunk; may be null.</param>
    /// <param name="ct">Stops between two chunks; committed chunks remain.</param>
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

        var operation = action.CreateOperation(this, request);
        if (action.TakesRole)
        {
            if (string.IsNullOrWhiteSpace(request.Role))
            {
                return Refusal.InvalidField("role", "Choose a role.");
            }

            if (actor.Require(operation.Permission) is null && await roles.CheckExistsAsync(request.Role, ct) is { } unknown)
            {
                return unknown;
            }
        }

        return await runner.RunManyAsync(actor, request.Ids, operation, request.DryRun, progress, ct);
    }

    /// <summary>Returns null for 1 to <see cref="Limits.Bulk"/> ids, otherwise a refusal.</summary>
    internal static Refusal? CheckIds(IReadOnlyCollection<Guid> ids, string field) =>
        ids.Count is 0 or > Limits.Bulk ? Refusal.InvalidField(field, $"Choose 1 to {Limits.Bulk:N0} at once.") : null;

    // Users may do this to their own account, but not in bulk: there it would be an accident, and could revoke the
    // actor's permission midway.
    private static UserOperation ForOthers(UserOperation operation) =>
        operation with
        {
            RunAsync = (change, user, ct) =>
                user.Id == change.Actor.UserId ? Task.FromResult<Refusal?>(OwnAccountSelected) : operation.RunAsync(change, user, ct),
        };
}
