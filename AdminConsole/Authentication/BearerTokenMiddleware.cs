using System.Collections.Concurrent;
using AdminConsole.Authorization;
using AdminConsole.Core.OAuth;
using AdminConsole.Http;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;

namespace AdminConsole.Authentication;

/// <summary>Marks an endpoint that can be answered from the verified token alone, without services or the
/// database.</summary>
internal sealed record TokenOnlyEndpoint(Func<HttpContext, VerifiedToken, Task> WriteAsync, bool TakesBody = false);

/// <summary>Authorizes a request with a bearer token against the policies of its endpoint. Then runs the endpoint, or
/// writes the refusal.</summary>
internal sealed class BearerTokenMiddleware(RequestDelegate next, IAuthorizationPolicyProvider policies)
{
    private readonly ConcurrentDictionary<Endpoint, Label> labels = new();

    public async Task InvokeAsync(HttpContext context)
    {
        var authenticated = await context.AuthenticateAsync(Schemes.Token);
        if (context.GetEndpoint() is not { } endpoint)
        {
            await Problems.NotFoundAsync(context);
            return;
        }

        if (!labels.TryGetValue(endpoint, out var label))
        {
            label = labels[endpoint] = await LabelOfAsync(endpoint);
        }

        await EnterAsync(context, endpoint, label, authenticated.Succeeded ? context.Features.Get<VerifiedToken>() : null);
    }

    private Task EnterAsync(HttpContext context, Endpoint endpoint, Label label, VerifiedToken? token)
    {
        if (token is not null)
        {
            context.User = token.Principal;
        }

        foreach (var requirement in label.Requirements)
        {
            if (token is null || requirement.Refused(token.Actor) is not null)
            {
                return AuthorizationResultHandler.RefuseAsync(context, requirement);
            }
        }

        if (token is not null && label.Answer is { } answer && NeedsNoValidation(context, answer))
        {
            return answer.WriteAsync(context, token);
        }

        var response = endpoint.RequestDelegate is { } handler ? handler(context) : next(context);
        return response.IsCompletedSuccessfully && context.Response.StatusCode < StatusCodes.Status400BadRequest
            ? Task.CompletedTask
            : CompleteAsync(context, response);
    }

    // Input that needs validation is left to the handler, which returns the same data.
    private static bool NeedsNoValidation(HttpContext context, TokenOnlyEndpoint answer) => answer.TakesBody || KnownInput.IsNone(context);

    // Adds problem details to a response that the framework refused with a status alone (405, 415).
    private static async Task CompleteAsync(HttpContext context, Task response)
    {
        await response;
        await Problems.CompleteAsync(context);
    }

    private async Task<Label> LabelOfAsync(Endpoint endpoint)
    {
        if (endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null)
        {
            return new Label([], null);
        }

        var policy =
            await AuthorizationPolicy.CombineAsync(policies, endpoint.Metadata.GetOrderedMetadata<IAuthorizeData>())
            ?? await policies.GetFallbackPolicyAsync();
        return new Label([.. policy!.Requirements.Cast<PermissionRequirement>()], endpoint.Metadata.GetMetadata<TokenOnlyEndpoint>());
    }

    private sealed record Label(PermissionRequirement[] Requirements, TokenOnlyEndpoint? Answer);
}
