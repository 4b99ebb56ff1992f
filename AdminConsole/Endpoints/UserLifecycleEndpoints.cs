using AdminConsole.Authorization;
using AdminConsole.Core.Audit;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Security;
using AdminConsole.Core.Sessions;
using AdminConsole.Core.Users;
using AdminConsole.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AdminConsole.Endpoints;

/// <summary>Operations for incidents and for many users: lockdown, second factors, break-glass accounts, sessions, bulk
/// actions, erasure.</summary>
public static class UserLifecycleEndpoints
{
    public static void MapUserLifecycle(this RouteGroupBuilder api)
    {
        var users = api.MapGroup("/users").WithTags("Users").Refuses(401, 403);
        users
            .MapPost("/{id:guid}/lockdown", LockDown)
            .WithSummary("Lock down a user: deactivate permanently and end all access")
            .RequireAuthorization(Permissions.UsersWrite)
            .Refuses(400, 404, 409);
        users
            .MapPost("/{id:guid}/reset-mfa", ResetMfa)
            .WithSummary("Reset a user's second factors and passkeys")
            .RequireAuthorization(Permissions.UsersCredentials)
            .Refuses(404, 409);
        users
            .MapPut("/{id:guid}/break-glass", SetBreakGlass)
            .WithSummary("Exempt a user from signing in with an identity provider")
            .RequireAuthorization(Permissions.DirectoryWrite)
            .Refuses(404, 409);
        users
            .MapDelete("/{id:guid}/break-glass", EndBreakGlass)
            .WithSummary("End a user's exemption from signing in with an identity provider")
            .RequireAuthorization(Permissions.DirectoryWrite)
            .Refuses(404, 409);
        users
            .MapPost("/bulk", Bulk)
            .WithSummary("Apply one operation to up to 10,000 users; each is applied or refused independently")
            .RequireAuthorization(Policies.SignedIn)
            .Refuses(400);

        users
            .MapGet("/{id:guid}/sessions", Sessions)
            .WithSummary("List a user's live sessions, the latest sign-in first")
            .RequireAuthorization(Permissions.SessionsRead)
            .Refuses(400, 404);
        users
            .MapDelete("/{id:guid}/sessions/{sid:guid}", EndSession)
            .WithSummary("End one session of a user")
            .RequireAuthorization(Permissions.SessionsEnd)
            .Refuses(404);
        users
            .MapDelete("/{id:guid}/sessions", EndSessions)
            .WithSummary("End all sessions of a user")
            .RequireAuthorization(Permissions.SessionsEnd)
            .Refuses(404);

        users
            .MapDelete("/{id:guid}/audit-trace", Erase)
            .WithSummary("Redact a user, deleted or not, in all audit events so far; the chain still verifies")
            .RequireAuthorization(Permissions.UsersWrite)
            .Refuses(404, 409);
    }

    private static Task<Results<Ok<UserDetails>, ProblemHttpResult>> LockDown(
        Guid id,
        LockdownRequest? request,
        UserLifecycle users,
        Actor actor,
        CancellationToken ct
    ) => users.LockDownAsync(actor, id, request ?? new LockdownRequest(), ct).ToOk();

    private static Task<Results<NoContent, ProblemHttpResult>> ResetMfa(
        Guid id,
        UserCredentials credentials,
        Actor actor,
        CancellationToken ct
    ) => credentials.ResetMfaAsync(actor, id, ct).ToNoContent();

    private static Task<Results<Ok<UserDetails>, ProblemHttpResult>> SetBreakGlass(
        Guid id,
        BreakGlassAccounts accounts,
        Actor actor,
        CancellationToken ct
    ) => accounts.SetAsync(actor, id, breakGlass: true, ct).ToOk();

    private static Task<Results<Ok<UserDetails>, ProblemHttpResult>> EndBreakGlass(
        Guid id,
        BreakGlassAccounts accounts,
        Actor actor,
        CancellationToken ct
    ) => accounts.SetAsync(actor, id, breakGlass: false, ct).ToOk();

    private static Task<Results<Ok<BulkResult>, ProblemHttpResult>> Bulk(
        BulkRequest request,
        UserBulk bulk,
        Actor actor,
        CancellationToken ct
    ) => bulk.RunAsync(actor, request, null, ct).ToOk();

    private static Task<Results<Ok<Page<SessionSummary>>, ProblemHttpResult>> Sessions(
        Guid id,
        string? cursor,
        int? limit,
        SessionDirectory sessions,
        Actor actor,
        CancellationToken ct
    ) => sessions.ListOfAsync(actor, id, new PageQuery(limit ?? Limits.PageSize, cursor), ct).ToOk();

    private static Task<Results<NoContent, ProblemHttpResult>> EndSession(
        Guid id,
        Guid sid,
        SessionDirectory sessions,
        Actor actor,
        CancellationToken ct
    ) => sessions.EndAsync(actor, id, sid, ct).ToNoContent();

    private static Task<Results<NoContent, ProblemHttpResult>> EndSessions(
        Guid id,
        SessionDirectory sessions,
        Actor actor,
        CancellationToken ct
    ) => sessions.EndAllAsync(actor, id, ct).ToNoContent();

    private static Task<Results<Ok<AuditErased>, ProblemHttpResult>> Erase(
        Guid id,
        AuditErasure erasure,
        Actor actor,
        CancellationToken ct
    ) => erasure.EraseAsync(actor, id, ct).ToOk();
}
