using AdminConsole.Core.Authentication;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Security;
using AdminConsole.Core.Users;
using AdminConsole.Http;
using AdminConsole.Startup;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AdminConsole.Endpoints;

/// <summary>Users, their roles and their credentials.</summary>
public static class UserEndpoints
{
    public static void MapUsers(this RouteGroupBuilder api)
    {
        var users = api.MapGroup("/users").WithTags("Users").Refuses(401, 403);
        users.MapGet("/", List).WithSummary("List users").RequireAuthorization(Permissions.UsersRead).Refuses(400);
        users.MapGet("/{id:guid}", Find).WithSummary("Get a user").RequireAuthorization(Permissions.UsersRead).Refuses(404);
        users.MapPost("/", Create).WithSummary("Create a user").RequireAuthorization(Permissions.UsersWrite).Refuses(400, 409, 503);
        users
            .MapPatch("/{id:guid}", Update)
            .WithSummary("Update the members in the body; an email change is announced to the old and the new address")
            .RequireAuthorization(Permissions.UsersWrite)
            .Refuses(400, 404, 409);
        users
            .MapDelete("/{id:guid}", Delete)
            .WithSummary("Delete a user and everything they own")
            .RequireAuthorization(Permissions.UsersWrite)
            .Refuses(404, 409);
        users
            .MapPost("/{id:guid}/activate", Activate)
            .WithSummary("Activate a user")
            .RequireAuthorization(Permissions.UsersWrite)
            .Refuses(404);
        users
            .MapPost("/{id:guid}/deactivate", Deactivate)
            .WithSummary("Deactivate a user, permanently or until a time, and end their sessions")
            .RequireAuthorization(Permissions.UsersWrite)
            .Refuses(400, 404, 409);
        users
            .MapPost("/{id:guid}/unlock", Unlock)
            .WithSummary("Unlock a user after failed sign-ins")
            .RequireAuthorization(Permissions.UsersWrite)
            .Refuses(404);

        users
            .MapPut("/{id:guid}/roles/{role}", AddRole)
            .WithSummary("Assign a role")
            .RequireAuthorization(Permissions.RolesAssign)
            .Refuses(400, 404, 409);
        users
            .MapDelete("/{id:guid}/roles/{role}", RemoveRole)
            .WithSummary("Remove a role")
            .RequireAuthorization(Permissions.RolesAssign)
            .Refuses(400, 404, 409);

        users
            .MapPost("/{id:guid}/reset-password", ResetPassword)
            .WithSummary("Create a single-use link to set a new password, and email it to the user")
            .RequireAuthorization(Permissions.UsersCredentials)
            .Refuses(404);
        users
            .MapPost("/{id:guid}/invitation-link", CreateInvitationLink)
            .WithSummary("Create a single-use link with which a user without a password chooses one; it is not emailed")
            .RequireAuthorization(Permissions.UsersCredentials)
            .Refuses(404, 409);
        users
            .MapDelete("/{id:guid}/reset-password", CancelResetPassword)
            .WithSummary("Revoke a user's open links to set a password")
            .RequireAuthorization(Permissions.UsersCredentials)
            .Refuses(404);
        users
            .MapPost("/{id:guid}/set-password", SetPassword)
            .WithSummary("Set a temporary password")
            .RequireAuthorization(Permissions.UsersCredentials)
            .Refuses(400, 404, 503);
        users
            .MapPost("/{id:guid}/require-password-change", RequirePasswordChange)
            .WithSummary("Require a password change")
            .RequireAuthorization(Permissions.UsersCredentials)
            .Refuses(404);
    }

    private static Task<Results<Ok<Page<UserDetails>>, ProblemHttpResult>> List(
        string? search,
        string? login,
        string? role,
        bool? active,
        string? status,
        string? source,
        bool? mfa,
        bool? neverSignedIn,
        int? inactiveDays,
        string? sort,
        string? cursor,
        int? limit,
        UserDirectory users,
        Actor actor,
        CancellationToken ct
    ) =>
        users
            .ListAsync(
                actor,
                new UserQuery
                {
                    Search = search,
                    Login = login,
                    Role = role,
                    Active = active,
                    Status = status,
                    Source = source,
                    Mfa = mfa,
                    NeverSignedIn = neverSignedIn,
                    InactiveDays = inactiveDays,
                    Sort = sort,
                    Cursor = cursor,
                    Limit = limit ?? Limits.PageSize,
                },
                ct
            )
            .ToOk();

    private static Task<Results<Ok<UserDetails>, ProblemHttpResult>> Find(
        Guid id,
        UserDirectory users,
        Actor actor,
        CancellationToken ct
    ) => users.FindAsync(actor, id, ct).ToOk();

    private static async Task<Results<Created<UserDetails>, ProblemHttpResult>> Create(
        CreateUserRequest request,
        HttpRequest http,
        UserLifecycle users,
        Actor actor,
        CancellationToken ct
    ) => (await users.CreateAsync(actor, request, ct)).ToHttp(user => TypedResults.Created($"{http.PathBase}/api/users/{user.Id}", user));

    private static Task<Results<Ok<UserDetails>, ProblemHttpResult>> Update(
        Guid id,
        UpdateUserRequest request,
        UserLifecycle users,
        Actor actor,
        CancellationToken ct
    ) => users.UpdateAsync(actor, id, request, ct).ToOk();

    private static Task<Results<NoContent, ProblemHttpResult>> Delete(Guid id, UserLifecycle users, Actor actor, CancellationToken ct) =>
        users.DeleteAsync(actor, id, ct).ToNoContent();

    private static Task<Results<Ok<UserDetails>, ProblemHttpResult>> Activate(
        Guid id,
        UserLifecycle users,
        Actor actor,
        CancellationToken ct
    ) => users.ActivateAsync(actor, id, ct).ToOk();

    private static Task<Results<Ok<UserDetails>, ProblemHttpResult>> Deactivate(
        Guid id,
        DeactivateRequest? request,
        UserLifecycle users,
        Actor actor,
        CancellationToken ct
    ) => users.DeactivateAsync(actor, id, request ?? new DeactivateRequest(), ct).ToOk();

    private static Task<Results<Ok<UserDetails>, ProblemHttpResult>> Unlock(
        Guid id,
        UserLifecycle users,
        Actor actor,
        CancellationToken ct
    ) => users.UnlockAsync(actor, id, ct).ToOk();

    private static Task<Results<Ok<UserDetails>, ProblemHttpResult>> AddRole(
        Guid id,
        string role,
        RoleAssignments roles,
        Actor actor,
        CancellationToken ct
    ) => roles.AddAsync(actor, id, role, ct).ToOk();

    private static Task<Results<Ok<UserDetails>, ProblemHttpResult>> RemoveRole(
        Guid id,
        string role,
        RoleAssignments roles,
        Actor actor,
        CancellationToken ct
    ) => roles.RemoveAsync(actor, id, role, ct).ToOk();

    private static async Task<Results<Ok<PasswordResetLink>, ProblemHttpResult>> ResetPassword(
        Guid id,
        PasswordResets resets,
        ConsoleSettings settings,
        HttpContext context,
        Actor actor,
        CancellationToken ct
    ) =>
        (await resets.IssueAsync(actor, id, ct)).ToHttp(issued =>
            TypedResults.Ok(
                new PasswordResetLink(
                    issued.Secret,
                    Urls.Reset(settings.RootOf(context), issued.Name, issued.Secret),
                    EmailSent: issued.HasEmail && settings.Mail is not null
                )
            )
        );

    private static async Task<Results<Ok<InvitationLink>, ProblemHttpResult>> CreateInvitationLink(
        Guid id,
        InvitationLinks links,
        ConsoleSettings settings,
        HttpContext context,
        Actor actor,
        CancellationToken ct
    ) =>
        (await links.IssueAsync(actor, id, ct)).ToHttp(issued =>
            TypedResults.Ok(new InvitationLink(issued.Secret, Urls.Invite(settings.RootOf(context), issued.Name, issued.Secret)))
        );

    private static Task<Results<NoContent, ProblemHttpResult>> CancelResetPassword(
        Guid id,
        UserCredentials credentials,
        Actor actor,
        CancellationToken ct
    ) => credentials.CancelResetAsync(actor, id, ct).ToNoContent();

    private static Task<Results<NoContent, ProblemHttpResult>> SetPassword(
        Guid id,
        SetPasswordRequest request,
        UserCredentials credentials,
        Actor actor,
        CancellationToken ct
    ) => credentials.SetPasswordAsync(actor, id, request, ct).ToNoContent();

    private static Task<Results<NoContent, ProblemHttpResult>> RequirePasswordChange(
        Guid id,
        UserCredentials credentials,
        Actor actor,
        CancellationToken ct
    ) => credentials.RequirePasswordChangeAsync(actor, id, ct).ToNoContent();
}
