using System.Security.Claims;
using AdminConsole.Authorization;
using AdminConsole.Core.Authentication;
using AdminConsole.Core.Security;
using AdminConsole.Core.Sessions;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;

namespace AdminConsole.Authentication;

/// <summary>What a principal says: who and which session. Rights are never in it; they are looked up each
/// time.</summary>
public static class ConsoleClaims
{
    public const string Session = "sid";
    public const string Address = "ip";
    public const string UserAgent = "ua";
}

/// <summary>
/// Finds the session whose key a cookie holds. Core begins and ends sessions, so this store only reads: a key without a
/// live row,
/// or whose user is deactivated, is nobody.
/// </summary>
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
        throw new NotSupportedException("A session is looked up for a request.");

    public async Task<AuthenticationTicket?> RetrieveAsync(string key, HttpContext httpContext, CancellationToken cancellationToken)
    {
        // The page that says that the database is away must not ask it who reads it.
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

    // Address and user agent are those of this request; a circuit keeps them from its connection, for the audit log.
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
