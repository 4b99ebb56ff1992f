using AdminConsole.Authorization;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Security;
using AdminConsole.Core.Sessions;
using AdminConsole.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AdminConsole.Endpoints;

/// <summary>The caller's own sessions.</summary>
public static class SessionEndpoints
{
    public static void MapSessions(this RouteGroupBuilder api)
    {
        var sessions = api.MapGroup("/sessions").WithTags("Sessions").RequireAuthorization(Policies.SignedIn).Refuses(401, 403);
        sessions.MapGet("/", List).WithSummary("List your own sessions, the latest sign-in first").Refuses(400);
        sessions.MapDelete("/{id:guid}", End).WithSummary("End one of your own sessions").Refuses(404);
        sessions.MapDelete("/", EndOthers).WithSummary("End all your sessions but this one");
    }

    private static Task<Results<Ok<Page<SessionSummary>>, ProblemHttpResult>> List(
        string? cursor,
        int? limit,
        SessionRegistry sessions,
        Actor actor,
        CancellationToken ct
    ) => sessions.ListOwnAsync(actor, new PageQuery(limit ?? Limits.PageSize, cursor), ct).ToOk();

    private static Task<Results<NoContent, ProblemHttpResult>> End(Guid id, SessionRegistry sessions, Actor actor, CancellationToken ct) =>
        sessions.EndOwnAsync(actor, id, ct).ToNoContent();

    private static Task<Results<NoContent, ProblemHttpResult>> EndOthers(SessionRegistry sessions, Actor actor, CancellationToken ct) =>
        sessions.EndOwnOthersAsync(actor, ct).ToNoContent();
}
