using AdminConsole.Authentication;
using AdminConsole.Authorization;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Security;
using AdminConsole.Core.Tokens;
using AdminConsole.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AdminConsole.Endpoints;

/// <summary>The caller's own personal access tokens.</summary>
public static class TokenEndpoints
{
    public static void MapTokens(this RouteGroupBuilder api)
    {
        var tokens = api.MapGroup("/tokens").WithTags("Tokens").Refuses(401, 403);
        var own = tokens.MapGroup("").RequireAuthorization(Policies.Interactive);
        own.MapGet("/", List).WithSummary("List your own tokens, including ended ones, newest first").Refuses(400);
        own.MapPost("/", Create).WithSummary("Create a token; its secret is only in this response").Refuses(400, 409);
        own.MapGet("/{id:guid}", Find).WithSummary("Get one of your own tokens").Refuses(404);
        own.MapPatch("/{id:guid}", Update).WithSummary("Rename a token, or switch it off or on").Refuses(400, 404, 409);
        own.MapDelete("/{id:guid}", Revoke).WithSummary("Revoke one of your own tokens permanently").Refuses(404);
        own.MapPost("/{id:guid}/rotate", Rotate).WithSummary("Replace a token with one that has a new secret").Refuses(400, 404, 409);

        tokens
            .MapPost("/current/rotate", RotateCurrent)
            .WithSummary("Rotate the token of this request")
            .RequireAuthorization(Permissions.TokensRotate)
            .WithMetadata(SelfRotationEndpoint.Marker)
            .Refuses(400, 409);
    }

    private static Task<Results<Ok<Page<TokenSummary>>, ProblemHttpResult>> List(
        string? cursor,
        int? limit,
        PersonalAccessTokens tokens,
        Actor actor,
        CancellationToken ct
    ) => tokens.ListAsync(actor, new PageQuery(limit ?? Limits.PageSize, cursor), ct).ToOk();

    private static async Task<Results<Created<CreatedToken>, ProblemHttpResult>> Create(
        CreateTokenRequest request,
        HttpRequest http,
        PersonalAccessTokens tokens,
        Actor actor,
        CancellationToken ct
    ) =>
        (await tokens.CreateAsync(actor, request, ct)).ToHttp(token =>
            TypedResults.Created($"{http.PathBase}/api/tokens/{token.Id}", token)
        );

    private static Task<Results<Ok<TokenSummary>, ProblemHttpResult>> Find(
        Guid id,
        PersonalAccessTokens tokens,
        Actor actor,
        CancellationToken ct
    ) => tokens.FindAsync(actor, id, ct).ToOk();

    private static Task<Results<Ok<TokenSummary>, ProblemHttpResult>> Update(
        Guid id,
        UpdateTokenRequest request,
        PersonalAccessTokens tokens,
        Actor actor,
        CancellationToken ct
    ) => tokens.UpdateAsync(actor, id, request, ct).ToOk();

    private static Task<Results<NoContent, ProblemHttpResult>> Revoke(
        Guid id,
        PersonalAccessTokens tokens,
        Actor actor,
        CancellationToken ct
    ) => tokens.RevokeAsync(actor, id, ct).ToNoContent();

    private static async Task<Results<Created<CreatedToken>, ProblemHttpResult>> Rotate(
        Guid id,
        RotateTokenRequest? request,
        HttpRequest http,
        TokenRotation rotation,
        Actor actor,
        CancellationToken ct
    ) =>
        (await rotation.RotateAsync(actor, id, request ?? new RotateTokenRequest(), ct)).ToHttp(token =>
            TypedResults.Created($"{http.PathBase}/api/tokens/{token.Id}", token)
        );

    private static async Task<Results<Created<CreatedToken>, ProblemHttpResult>> RotateCurrent(
        RotateTokenRequest? request,
        HttpRequest http,
        TokenRotation rotation,
        Actor actor,
        CancellationToken ct
    ) =>
        (await rotation.RotateCurrentAsync(actor, request ?? new RotateTokenRequest(), ct)).ToHttp(token =>
            TypedResults.Created($"{http.PathBase}/api/tokens/{token.Id}", token)
        );
}
