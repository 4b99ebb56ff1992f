using System.Security.Claims;
using AdminConsole.Authorization;
using AdminConsole.Core.Authentication;
using AdminConsole.Core.Data;
using AdminConsole.Core.Sessions;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;

namespace AdminConsole.Authentication;

/// <summary>Claim types of a signed-in principal: its session and its client. Permissions are never claims; they are
/// read again each time.</summary>
public static class ConsoleClaims
{
    public const string Session = "sid";
    public const string Address = "ip";
    public const string UserAgent = "ua";
}

/// <summary>Looks up the session for the key in a cookie. Only reads, because Core starts and ends sessions. A key
/// without a live session, or of a deactivated user, is not authenticated.</summary>
public sealed class SessionTickets : ITicketStore
{
    private const string Key = "key";

    public static ClaimsPrincipal PrincipalOf(SignedIn signedIn) =>
        Principal(signedIn.UserId, signedIn.SessionId, new ClientInfo(null, null, null));

    public static AuthenticationProperties PropertiesOf(SignedIn signedIn) =>
        new(new Dictionary<string, string?> { [Key] = signedIn.Key })
        {
            IsPersistent = signedIn.Remember,
            ExpiresUtc = signedIn.Remember ? signedIn.ExpiresAt : null,
        };

    public Task<string> StoreAsync(AuthenticationTicket ticket) => Task.FromResult(ticket.Properties.Items[Key]!);

    public Task RenewAsync(string key, AuthenticationTicket ticket) => Task.CompletedTask;

    public Task<AuthenticationTicket?> RetrieveAsync(string key) =>
        throw new NotSupportedException("Use the overload that takes the request.");

    public async Task<AuthenticationTicket?> RetrieveAsync(string key, HttpContext httpContext, CancellationToken cancellationToken)
    {
        // The error page for an unavailable database must not query it for the session.
        if (httpContext.Request.Path.StartsWithSegments("/" + Urls.Error))
        {
            return null;
        }

        var origin = CurrentActor.OriginOf(httpContext);
        var actor = await httpContext.RequestServices.GetRequiredService<ActorResolver>().BySessionKeyAsync(key, origin, cancellationToken);
        if (actor is not { UserId: { } userId, SessionId: { } sessionId })
        {
            return null;
        }

        httpContext.Features.Set(actor);
        await httpContext.RequestServices.GetRequiredService<SessionRegistry>().TouchAsync(sessionId, cancellationToken);
        return new AuthenticationTicket(Principal(userId, sessionId, origin), Schemes.Session);
    }

    public Task RemoveAsync(string key) => Task.CompletedTask;

    // The IP address and user agent of this request. A circuit keeps those of its connection, for the audit log.
    private static ClaimsPrincipal Principal(Guid userId, Guid sessionId, ClientInfo origin) =>
        new(
            new ClaimsIdentity(
                [
                    new Claim(ClaimTypes.NameIdentifier, userId.ToString()),
                    new Claim(ConsoleClaims.Session, sessionId.ToString()),
                    new Claim(ConsoleClaims.Address, origin.Ip ?? ""),
                    new Claim(ConsoleClaims.UserAgent, origin.UserAgent ?? ""),
                ],
                Schemes.Session
            )
        );
}
