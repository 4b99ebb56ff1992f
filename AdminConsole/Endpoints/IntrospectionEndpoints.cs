using AdminConsole.Core.Contracts;
using AdminConsole.Core.Security;
using AdminConsole.Core.Tokens;
using AdminConsole.Http;
using AdminConsole.Security;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AdminConsole.Endpoints;

/// <summary>For services that were sent a token (RFC 7662).</summary>
public static class IntrospectionEndpoints
{
    private const string Form = "application/x-www-form-urlencoded";

    public static void MapIntrospection(this WebApplication app) =>
        app.MapPost("/oauth/introspect", Introspect).WithTags("OAuth").WithSummary("Ask what a token is that you were sent (RFC 7662)")
            .RequireAuthorization(Policies.SignedIn).DisableAntiforgery().Accepts<IntrospectionRequest>(Form).Refuses(400, 401, 403)
            .WithMetadata(TokenAnswers.Introspection(app.Services.GetRequiredService<TokenIntrospection>()));

    private static Task<Results<Ok<Introspection>, JsonHttpResult<OAuthError>>> Introspect(
        HttpRequest request, TokenIntrospection introspection, Actor actor, CancellationToken ct) =>
        OAuth.AnswerAsync(request, "token", token => introspection.IntrospectAsync(actor, token, ct));
}
