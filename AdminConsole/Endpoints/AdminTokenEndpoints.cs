using AdminConsole.Core.Contracts;
using AdminConsole.Core.Security;
using AdminConsole.Core.Tokens;
using AdminConsole.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AdminConsole.Endpoints;

/// <summary>The personal access tokens of all users.</summary>
public static class AdminTokenEndpoints
{
    public static void MapAdminTokens(this RouteGroupBuilder api)
    {
        var tokens = api.MapGroup("/admin/tokens").WithTags("AdminTokens").Refuses(401, 403);
        tokens
            .MapGet("/", List)
            .WithSummary("List all users' tokens, newest first")
            .RequireAuthorization(Permissions.TokensRead)
            .Refuses(400);
        tokens
            .MapDelete("/{id:guid}", Revoke)
            .WithSummary("Revoke any token permanently")
            .RequireAuthorization(Permissions.TokensRevoke)
            .Refuses(404);
    }

    private static Task<Results<Ok<Page<OwnedToken>>, ProblemHttpResult>> List(
        string? search,
        Guid? owner,
        string? state,
        bool? stale,
        bool? expiring,
        string? cursor,
        int? limit,
        TokenDirectory tokens,
        Actor actor,
        CancellationToken ct
    ) =>
        tokens
            .ListAsync(
                actor,
                new TokenQuery
                {
                    Search = search,
                    Owner = owner,
                    State = state,
                    Stale = stale ?? false,
                    Expiring = expiring ?? false,
                    Cursor = cursor,
                    Limit = limit ?? Limits.PageSize,
                },
                ct
            )
            .ToOk();

    private static Task<Results<NoContent, ProblemHttpResult>> Revoke(Guid id, TokenDirectory tokens, Actor actor, CancellationToken ct) =>
        tokens.RevokeAsync(actor, id, ct).ToNoContent();
}
