using System.Text.Encodings.Web;
using AdminConsole.Authorization;
using AdminConsole.Core.OAuth;
using AdminConsole.Core.Tokens;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace AdminConsole.Authentication;

/// <summary>Marks the endpoint where a token rotates itself. Presenting a rotated-out token there revokes its whole
/// lineage.</summary>
internal sealed class SelfRotationEndpoint
{
    public static readonly SelfRotationEndpoint Marker = new();
}

/// <summary>Authenticates a bearer token (RFC 6750): a personal access token, or the access token of a device. Stores
/// the verified token, or its error, in the features of the request. <see cref="AuthorizationResultHandler"/> writes
/// the challenges and refusals.</summary>
internal sealed class TokenHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options,
    ILoggerFactory logger,
    UrlEncoder encoder,
    TokenVerifier verifier,
    TokenReuse reuse
) : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    protected override Task<AuthenticateResult> HandleAuthenticateAsync() =>
        !Bearer.IsIn(Request) ? Task.FromResult(AuthenticateResult.NoResult())
        : verifier.TryGetCached(Bearer.Of(Request), CurrentActor.AddressOf(Context)) is { } token ? Task.FromResult(Accept(token))
        : VerifyAsync();

    private async Task<AuthenticateResult> VerifyAsync()
    {
        var (token, fault) = await verifier.VerifyAsync(
            new string(Bearer.Of(Request)),
            CurrentActor.AddressOf(Context),
            Context.RequestAborted
        );
        Context.Features.Set(fault);
        if (fault?.Reused is { } reused)
        {
            var origin = CurrentActor.OriginOf(Context);
            await (
                Context.GetEndpoint()?.Metadata.GetMetadata<SelfRotationEndpoint>() is null
                    ? reuse.RecordAsync(reused, origin, Context.RequestAborted)
                    : reuse.RevokeLineageAsync(reused, origin, Context.RequestAborted)
            );
        }

        return token is null ? AuthenticateResult.Fail("The token is not valid.") : Accept(token);
    }

    private AuthenticateResult Accept(VerifiedToken token)
    {
        Context.Features.Set(token);
        return AuthenticateResult.Success(new AuthenticationTicket(token.Principal, Scheme.Name));
    }
}
