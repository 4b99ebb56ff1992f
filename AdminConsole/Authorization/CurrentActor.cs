using System.Diagnostics;
using System.Security.Claims;
using AdminConsole.Authentication;
using AdminConsole.Core.Common;
using AdminConsole.Core.Data;
using AdminConsole.Core.OAuth;
using AdminConsole.Core.Security;
using AdminConsole.Http;
using Microsoft.AspNetCore.Components.Authorization;

namespace AdminConsole.Authorization;

/// <summary>Resolves the actor from current data: that of the request, or of the circuit for interactive
/// pages.</summary>
public sealed class CurrentActor(IHttpContextAccessor http, AuthenticationStateProvider authentication, IServiceScopeFactory scopes)
{
    private const int MaxUserAgent = 400;

    /// <summary>Set once a circuit has this scope. From then on there is no request.</summary>
    internal bool IsCircuit { get; set; }

    /// <summary>The circuit's actor as its guard, which observes every change, last resolved it. Only for the
    /// authorization of pages; operations resolve it again.</summary>
    internal Actor? Known { get; set; }

    /// <summary>Returns the actor of a request; anonymous when it is not authenticated.</summary>
    public static Actor Of(HttpContext context)
    {
        var actor = context.Features.Get<Actor>() ?? OfToken(context) ?? Anonymous(OriginOf(context));
        return HeadRequests.IsHead(context) ? actor with { GetsHeadersOnly = true } : actor;
    }

    public static string? AddressOf(HttpContext context) =>
        context.Connection.RemoteIpAddress is { } address ? (address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).ToString() : null;

    /// <summary>Returns the id of this request in audit events, error responses and the log. It is the trace id when
    /// the request is traced.</summary>
    public static string RequestIdOf(HttpContext context) => Activity.Current?.TraceId.ToString() ?? context.TraceIdentifier;

    public static ClientInfo OriginOf(HttpContext context) =>
        new(AddressOf(context), Shorten(context.Request.Headers.UserAgent), RequestIdOf(context), DeviceCookie.Read(context));

    public async Task<Actor> CurrentAsync()
    {
        if (!IsCircuit && http.HttpContext is { } context)
        {
            return Of(context);
        }

        var user = (await authentication.GetAuthenticationStateAsync()).User;
        var origin = new ClientInfo(
            user.FindFirstValue(ConsoleClaims.Address),
            user.FindFirstValue(ConsoleClaims.UserAgent),
            ActivityTraceId.CreateRandom().ToString()
        );
        if (!Guid.TryParse(user.FindFirstValue(ConsoleClaims.Session), out var session))
        {
            return Anonymous(origin);
        }

        await using var scope = scopes.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<ActorResolver>().BySessionAsync(session, origin, CancellationToken.None)
            ?? Anonymous(origin);
    }

    // Created only here, because a request that is answered from the token alone needs no actor.
    private static Actor? OfToken(HttpContext context)
    {
        if (context.Features.Get<VerifiedToken>() is not { } token)
        {
            return null;
        }

        var origin = OriginOf(context);
        var actor = token.Actor with { Ip = origin.Ip, UserAgent = origin.UserAgent, RequestId = origin.RequestId };
        context.Features.Set(actor);
        return actor;
    }

    private static Actor Anonymous(ClientInfo origin) => Actor.Anonymous(origin.Ip, origin.UserAgent, origin.RequestId, origin.BrowserKey);

    // Never splits a surrogate pair. Neither database could store half of one, and the stored text would hash
    // differently.
    private static string? Shorten(string? userAgent) =>
        userAgent is { Length: > MaxUserAgent }
            ? userAgent[..(char.IsHighSurrogate(userAgent[MaxUserAgent - 1]) ? MaxUserAgent - 1 : MaxUserAgent)]
        : string.IsNullOrEmpty(userAgent) ? null
        : userAgent;
}

/// <summary>Runs the operations of a page in Core. Each has a separate scope, because a circuit lives for hours and a
/// DbContext must not, and the actor of that moment.</summary>
public sealed class Scoped<T>(IServiceScopeFactory scopes, CurrentActor source, ILogger<Scoped<T>> log)
    where T : notnull
{
    /// <summary>Runs an operation that can be refused. Refuses it when the database is unavailable, so that the page
    /// survives.</summary>
    public async Task<Result<TValue>> RunAsync<TValue>(Func<T, Actor, Task<Result<TValue>>> operation)
    {
        await using var scope = scopes.CreateAsyncScope();
        try
        {
            return await operation(scope.ServiceProvider.GetRequiredService<T>(), await source.CurrentAsync());
        }
        catch (Exception exception) when (scope.ServiceProvider.GetRequiredService<AppDbContext>().Unavailable(exception) is { } refusal)
        {
            log.LogError("{Refusal} ({Problem})", refusal.Message, exception.GetBaseException().Message);
            return refusal;
        }
    }

    public async Task<TResult> RunAsync<TResult>(Func<T, Actor, Task<TResult>> operation)
    {
        var actor = await source.CurrentAsync();
        await using var scope = scopes.CreateAsyncScope();
        return await operation(scope.ServiceProvider.GetRequiredService<T>(), actor);
    }
}
