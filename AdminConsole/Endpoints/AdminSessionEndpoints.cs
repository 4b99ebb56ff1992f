using AdminConsole.Core.Contracts;
using AdminConsole.Core.Security;
using AdminConsole.Core.Sessions;
using AdminConsole.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AdminConsole.Endpoints;

/// <summary>The sessions of all users.</summary>
public static class AdminSessionEndpoints
{
    public static void MapAdminSessions(this RouteGroupBuilder api)
    {
        var sessions = api.MapGroup("/admin/sessions").WithTags("AdminSessions").Refuses(401, 403);
        sessions
            .MapGet("/", List)
            .WithSummary("List all users' live sessions, the latest sign-in first")
            .RequireAuthorization(Permissions.SessionsRead)
            .Refuses(400);
        sessions.MapDelete("/{id:guid}", End).WithSummary("End any session").RequireAuthorization(Permissions.SessionsEnd).Refuses(404);
    }

    private static Task<Results<Ok<Page<OwnedSession>>, ProblemHttpResult>> List(
        string? search,
        Guid? user,
        string? cursor,
        int? limit,
        SessionDirectory sessions,
        Actor actor,
        CancellationToken ct
    ) =>
        sessions
            .ListAsync(
                actor,
                new SessionQuery
                {
                    Search = search,
                    User = user,
                    Cursor = cursor,
                    Limit = limit ?? Limits.PageSize,
                },
                ct
            )
            .ToOk();

    private static Task<Results<NoContent, ProblemHttpResult>> End(Guid id, SessionDirectory sessions, Actor actor, CancellationToken ct) =>
        sessions.EndAsync(actor, id, ct).ToNoContent();
}
