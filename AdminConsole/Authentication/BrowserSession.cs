using AdminConsole.Authorization;
using AdminConsole.Core.Account;
using AdminConsole.Core.Authentication;
using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Data;
using AdminConsole.Core.OAuth;
using AdminConsole.Core.Sessions;
using Microsoft.AspNetCore.Authentication;

namespace AdminConsole.Authentication;

/// <summary>The session of the requesting browser: manages the cookie of a session that Core stores.</summary>
public sealed class BrowserSession(
    IHttpContextAccessor http,
    ActorResolver actors,
    OwnAccount account,
    SessionRegistry registry,
    ConnectedDevices devices
)
{
    private HttpContext Context => http.HttpContext ?? throw new InvalidOperationException("A cookie can only be set during a request.");

    /// <summary>Gives the browser the new session, ends its previous one, and returns the user's account.</summary>
    public async Task<Result<Me>> StartAsync(Task<Result<SignedIn>> signingIn)
    {
        var signedIn = await signingIn;
        if (signedIn.Refusal is { } refusal)
        {
            return refusal;
        }

        await registry.SignOutAsync(CurrentActor.Of(Context), Context.RequestAborted);
        DeviceCookie.Write(Context, signedIn.Value.BrowserKey);
        await Context.SignInAsync(
            Schemes.NewSession,
            SessionTickets.PrincipalOf(signedIn.Value),
            SessionTickets.PropertiesOf(signedIn.Value)
        );
        var actor = await actors.BySessionAsync(signedIn.Value.SessionId, CurrentActor.OriginOf(Context), Context.RequestAborted);
        return await account.GetAsync(actor ?? CurrentActor.Of(Context), Context.RequestAborted);
    }

    /// <summary>Ends the session or device of the request and deletes the cookie. Does nothing without one.</summary>
    public async Task EndAsync()
    {
        await devices.SignOutAsync(CurrentActor.Of(Context), Context.RequestAborted);
        await registry.SignOutAsync(CurrentActor.Of(Context), Context.RequestAborted);
        await Context.SignOutAsync(Schemes.Session);
    }
}
