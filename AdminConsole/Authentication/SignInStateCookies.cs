using System.Security.Cryptography;
using System.Text.Json;
using AdminConsole.Core.Authentication;
using AdminConsole.Startup;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.DataProtection;
using Secret = AdminConsole.Core.Security.Secret;

namespace AdminConsole.Authentication;

/// <summary>
/// What the steps of a sign-in hand each other through the browser, for a few minutes, protected, usable once, and from
/// that browser only: a right password, in a cookie;
/// the challenge for a passkey, in a field of the form, so that two tabs do not take it from each other.
/// </summary>
public sealed class SignInStateCookies(IDataProtectionProvider protection, ConsoleSettings settings, TimeProvider clock)
{
    private const string StepCookie = ".SecondStep";
    private const string TicketItem = "ticket";
    private const string BrowserCookie = ".SignIn";
    private const int MaxLength = 4096;

    private readonly IDataProtector steps = protection.CreateProtector("AdminConsole.SecondStep");
    private readonly IDataProtector challenges = protection.CreateProtector("AdminConsole.PasskeyChallenge");

    /// <summary>Adds a ticket to the request to an identity provider. It comes back with the answer; on the way it is
    /// encrypted.</summary>
    public void Write(AuthenticationProperties properties, TimeSpan lifetime) =>
        properties.Items[TicketItem] = JsonSerializer.Serialize(Issue(lifetime));

    /// <summary>The ticket that a provider's answer came back with; null where it has none.</summary>
    public static SingleUseToken? Read(AuthenticationProperties? properties) =>
        properties?.Items.TryGetValue(TicketItem, out var text) == true && text is not null
            ? JsonSerializer.Deserialize<SingleUseToken>(text)
            : null;

    /// <summary>A new one of so long a life.</summary>
    public SingleUseToken Issue(TimeSpan lifetime) => new(Guid.CreateVersion7(clock.GetUtcNow()), clock.GetUtcNow() + lifetime);

    /// <summary>Keeps a sign-in that waits for its code.</summary>
    /// <param name="context">The browser's request.</param>
    /// <param name="pending">What was proved.</param>
    /// <param name="answer">The ticket of an identity provider's answer, which is then used up by the code; null after
    /// a password.</param>
    public void Write(HttpContext context, PendingSignIn pending, SingleUseToken? answer = null)
    {
        var ticket = Issue(PendingSignIn.Lifetime);
        var step = new Step(answer is null ? ticket : ticket with { Id = answer.Id }, pending);
        // Browsers don't send a strict cookie in a redirect that the provider's site began.
        var sameSite = answer is null ? SameSiteMode.Strict : SameSiteMode.Lax;
        Write(context, StepCookie, steps.Protect(JsonSerializer.Serialize(step)), PendingSignIn.Lifetime, sameSite);
    }

    /// <summary>The sign-in that waits for its code; null where there is none any more.</summary>
    public (PendingSignIn Pending, SingleUseToken Ticket)? ReadPending(HttpContext context) =>
        Read<Step>(steps, context.Request.Cookies[Name(StepCookie)]) is { } step && step.Ticket.ExpiresAt > clock.GetUtcNow()
            ? (step.Pending, step.Ticket)
            : null;

    public void Clear(HttpContext context) =>
        context.Response.Cookies.Delete(
            Name(StepCookie),
            new CookieOptions
            {
                Path = settings.CookiePath,
                Secure = settings.SecureCookies,
                HttpOnly = true,
            }
        );

    /// <summary>A passkey's challenge, for a hidden field.</summary>
    public string Seal(HttpContext context, string state, TimeSpan lifetime)
    {
        var browser = context.Request.Cookies[Name(BrowserCookie)];
        if (string.IsNullOrEmpty(browser))
        {
            browser = Secret.Create();
            Write(context, BrowserCookie, browser, maxAge: null, SameSiteMode.Strict);
        }

        return challenges.Protect(JsonSerializer.Serialize(new Challenge(Issue(lifetime), state, Secret.Hash(browser))));
    }

    /// <summary>Null where it is none of ours, or another browser's.</summary>
    public (string State, SingleUseToken Ticket)? Open(HttpContext context, string? challenge) =>
        context.Request.Cookies[Name(BrowserCookie)] is { Length: > 0 } browser
        && Read<Challenge>(challenges, challenge) is { } found
        && CryptographicOperations.FixedTimeEquals(found.Browser, Secret.Hash(browser))
            ? (found.State, found.Ticket)
            : null;

    private static T? Read<T>(IDataProtector protector, string? text)
        where T : class
    {
        try
        {
            return text is { Length: > 0 and <= MaxLength } ? JsonSerializer.Deserialize<T>(protector.Unprotect(text)) : null;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    private void Write(HttpContext context, string name, string value, TimeSpan? maxAge, SameSiteMode sameSite) =>
        context.Response.Cookies.Append(
            Name(name),
            value,
            new CookieOptions
            {
                Path = settings.CookiePath,
                HttpOnly = true,
                SameSite = sameSite,
                Secure = settings.SecureCookies || context.Request.IsHttps,
                MaxAge = maxAge,
                IsEssential = true,
            }
        );

    private string Name(string cookie) => settings.CookieName(cookie);

    private sealed record Step(SingleUseToken Ticket, PendingSignIn Pending);

    private sealed record Challenge(SingleUseToken Ticket, string State, byte[] Browser);
}
