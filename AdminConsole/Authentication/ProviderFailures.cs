using System.Text.Json;
using AdminConsole.Core.Common;
using AdminConsole.Core.Providers;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace AdminConsole.Authentication;

/// <summary>Finds the reason of a refused response from the exceptions of the OpenID Connect handler.</summary>
internal static class ProviderFailures
{
    public static Refusal RefusalOf(Exception? failure) =>
        Causes(failure).Select(Known).FirstOrDefault(refusal => refusal is not null)
        // The handler has no type for a state that it can't read, or whose cookie is missing.
        ?? (failure?.Data.Contains("error") == true ? ProviderRefusals.ProviderError : ProviderRefusals.WrongState);

    internal static IEnumerable<Exception> Causes(Exception? failure)
    {
        for (var cause = failure; cause is not null; cause = cause.InnerException)
        {
            yield return cause;
        }
    }

    private static Refusal? Known(Exception cause) =>
        cause switch
        {
            ProviderFailureException known => known.Refusal,
            SecurityTokenExpiredException or SecurityTokenNotYetValidException => ProviderRefusals.TokenExpired,
            SecurityTokenInvalidIssuerException => ProviderRefusals.WrongIssuer,
            SecurityTokenInvalidAudienceException => ProviderRefusals.WrongAudience,
            SecurityTokenInvalidAlgorithmException => ProviderRefusals.WrongAlgorithm,
            SecurityTokenSignatureKeyNotFoundException => ProviderRefusals.UnknownKey,
            SecurityTokenInvalidSignatureException => ProviderRefusals.WrongSignature,
            OpenIdConnectProtocolInvalidNonceException => ProviderRefusals.WrongNonce,
            OpenIdConnectProtocolException protocol when "invalid_grant".Equals(protocol.Data["error"]) => ProviderRefusals.CodeRejected,
            OpenIdConnectProtocolException => ProviderRefusals.ProviderError,
            HttpRequestException or OperationCanceledException or IOException => ProviderRefusals.Unreachable,
            SecurityTokenException or ArgumentException or JsonException => ProviderRefusals.ProviderError,
            _ => null,
        };
}
