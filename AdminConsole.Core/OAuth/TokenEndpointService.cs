using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Security;

namespace AdminConsole.Core.OAuth;

/// <summary>Issues tokens to clients, for the grants of the token endpoint and for passwords.</summary>
public sealed class TokenEndpointService(
    JwtAccessTokens access,
    RefreshTokens refresh,
    DeviceFlow flow,
    CliCodes codes,
    DeviceSignIn signIn
)
{
    public const string DeviceCode = "urn:ietf:params:oauth:grant-type:device_code";
    public const string Refresh = "refresh_token";
    public const string CliCodeGrant = "urn:adminconsole:grant-type:cli-code";

    public static readonly IReadOnlyList<string> All = [DeviceCode, Refresh, CliCodeGrant];

    /// <summary>Issues tokens for a device code, a refresh token or a CLI code. Refused with the codes of RFC 6749 and
    /// RFC 8628: <c>invalid_request</c>, <c>invalid_client</c>, <c>invalid_grant</c>, <c>invalid_scope</c>,
    /// <c>unsupported_grant_type</c>, <c>authorization_pending</c>, <c>slow_down</c>, <c>expired_token</c> or
    /// <c>access_denied</c>.</summary>
    public async Task<Result<TokenResponse>> GrantAsync(Actor caller, Issuer issuer, TokenRequest request, CancellationToken ct) =>
        request.ClientId is { } client && !Clients.IsName(client)
            ? OAuthRefusals.InvalidClient
            : request.GrantType switch
            {
                null => OAuthRefusals.Missing("grant_type"),
                DeviceCode when request.DeviceCode is null => OAuthRefusals.Missing("device_code"),
                DeviceCode when request.ClientId is null => OAuthRefusals.Missing("client_id"),
                DeviceCode => await AnswerAsync(issuer, await flow.RedeemAsync(caller, request.DeviceCode, request.ClientId, ct), ct),
                Refresh when request.RefreshToken is null => OAuthRefusals.Missing("refresh_token"),
                Refresh => await AnswerAsync(
                    issuer,
                    await refresh.ExchangeAsync(caller, request.RefreshToken, request.ClientId, request.Scope, ct),
                    ct
                ),
                CliCodeGrant when request.Code is null => OAuthRefusals.Missing("code"),
                CliCodeGrant => await AnswerAsync(issuer, await codes.RedeemAsync(caller, request, ct), ct),
                _ => OAuthRefusals.UnsupportedGrantType,
            };

    /// <summary>Issues tokens for a password, and a second factor if one is set up. Refused like a sign-in, with the
    /// same limits on failures.</summary>
    public async Task<Result<TokenResponse>> GrantAsync(Actor caller, Issuer issuer, PasswordTokenRequest request, CancellationToken ct) =>
        await AnswerAsync(issuer, await signIn.SignInAsync(caller, request, ct), ct);

    private async Task<Result<TokenResponse>> AnswerAsync(Issuer issuer, Result<IssuedTokens> granted, CancellationToken ct)
    {
        if (granted.Refusal is { } refused)
        {
            return refused;
        }

        var grant = granted.Value;
        var scope = grant.Owner.ScopeOf(grant.Narrowed ?? grant.Device.Access);
        return new TokenResponse
        {
            AccessToken = await access.IssueAsync(grant, issuer, scope, ct),
            TokenType = "Bearer",
            ExpiresIn = (int)JwtAccessTokens.Lifetime.TotalSeconds,
            RefreshToken = grant.RefreshToken,
            Scope = scope,
        };
    }
}
