using AdminConsole.Authorization;
using AdminConsole.Core.Account;
using AdminConsole.Core.Authentication;
using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.OAuth;
using AdminConsole.Core.Security;
using AdminConsole.Core.Sessions;
using Microsoft.AspNetCore.Authentication;

namespace AdminConsole.Authentication;

/// <summary>The session of the browser that a request comes from: its cookie, on top of what Core keeps.</summary>
public sealed class BrowserSession(
    IHttpContextAccessor http,
    ActorResolver actors,
    OwnAccount account,
    SessionRegistry registry,
    ConnectedDevices devices
)
{
    private HttpContext Context => http.HttpContext ?? throw new InvalidOperationException("Only a request can set a cookie.");

    /// <summary>Gives the browser the session that has begun, ends the one it came with, and says who it now
    /// is.</summary>
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

    /// <summary>Signs out, or the device that the request came from, and forgets the cookie; also where there was
    /// none.</summary>
    public async Task EndAsync()
    {
        await devices.SignOutAsync(CurrentActor.Of(Context), Context.RequestAborted);
        await registry.SignOutAsync(CurrentActor.Of(Context), Context.RequestAborted);
        await Context.SignOutAsync(Schemes.Session);
    }
}
