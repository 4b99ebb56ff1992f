using System.Security.Claims;
using System.Text.Encodings.Web;
using AdminConsole.Core.Tokens;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace AdminConsole.Security;

/// <summary>The route where a token rotates itself: a rotated-out one that is presented here ends its whole lineage.</summary>
internal sealed class RotatesItself
{
    public static readonly RotatesItself Marker = new();
}

/// <summary>Finds the actor of a bearer token, or leaves behind what is wrong with it (<see cref="TokenFault"/>).</summary>
internal sealed class PersonalAccessTokenHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, TokenVerifier verifier)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var origin = ActorSource.OriginOf(Context);
        var (token, fault) = await verifier.VerifyAsync(Bearer.Of(Request), origin.Ip, Context.RequestAborted);
        if (token is not null)
        {
            Context.Features.Set(token.Actor with { Ip = origin.Ip, UserAgent = origin.UserAgent, RequestId = origin.RequestId });
            return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(new ClaimsIdentity(Scheme.Name)), Scheme.Name));
        }

        Context.Features.Set(fault);
        if (fault!.Reused is { } reused)
        {
            var reuse = Context.RequestServices.GetRequiredService<TokenReuse>();
            await (Context.GetEndpoint()?.Metadata.GetMetadata<RotatesItself>() is null
                ? reuse.NoteAsync(reused, origin, Context.RequestAborted)
                : reuse.EndLineageAsync(reused, origin, Context.RequestAborted));
        }

        return AuthenticateResult.Fail(fault.Code);
    }
}
