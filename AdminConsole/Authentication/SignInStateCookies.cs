using System.Security.Cryptography;
using System.Text.Json;
using AdminConsole.Core.Authentication;
using AdminConsole.Startup;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.DataProtection;
using Secret = AdminConsole.Core.Security.Secret;

namespace AdminConsole.Authentication;

/// <summary>State that the steps of a sign-in pass through the browser. It is encrypted, single-use, bound to that
/// browser, and valid for a few minutes. A verified password is stored in a cookie. A passkey challenge is stored in a
/// form field, so that two tabs do not consume each other's.</summary>
public sealed class SignInStateCookies(IDataProtectionProvider protection, ConsoleSettings settings, TimeProvider clock)
{
    private const string StepCookie = ".SecondStep";
    private const string TicketItem = "ticket";
    private const string BrowserCookie = ".SignIn";
    private const int MaxLength = 4096;

    private readonly IDataProtector steps = protection.CreateProtector("AdminConsole.SecondStep");
    private readonly IDataProtector challenges = protection.CreateProtector("AdminConsole.PasskeyChallenge");

    /// <summary>Adds a single-use token to a request to an identity provider. It is encrypted, and returns with the
    /// response.</summary>
    public void Write(AuthenticationProperties properties, TimeSpan lifetime) =>
        properties.Items[TicketItem] = JsonSerializer.Serialize(Issue(lifetime));

    /// <summary>Returns the single-use token of a provider's response, or null when it has none.</summary>
    public static SingleUseToken? Read(AuthenticationProperties? properties) =>
        properties?.Items.TryGetValue(TicketItem, out var text) == true && text is not null
            ? JsonSerializer.Deserialize<SingleUseToken>(text)
            : null;

    /// <summary>Creates a single-use token with this lifetime.</summary>
    public SingleUseToken Issue(TimeSpan lifetime) => new(Guid.CreateVersion7(clock.GetUtcNow()), clock.GetUtcNow() + lifetime);

    /// <summary>Stores a sign-in that waits for its code.</summary>
    /// <param name="context">The browser's request.</param>
    /// <param name="pending">The verified first factor.</param>
    /// <param name="answer">The token of an identity provider's response, which the code then consumes; null after a
    /// password.</param>
    public void Write(HttpContext context, PendingSignIn pending, SingleUseToken? answer = null)
    {
        var ticket = Issue(PendingSignIn.Lifetime);
        var step = new Step(answer is null ? ticket : ticket with { Id = answer.Id }, pending);
        // Browsers do not send a strict cookie with a redirect that the provider's site started.
        var sameSite = answer is null ? SameSiteMode.Strict : SameSiteMode.Lax;
        Write(context, StepCookie, steps.Protect(JsonSerializer.Serialize(step)), PendingSignIn.Lifetime, sameSite);
    }

    /// <summary>Returns the sign-in that waits for its code, or null when there is none or it has expired.</summary>
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

    /// <summary>Creates a protected passkey challenge, for a hidden form field.</summary>
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

    /// <summary>Returns the content of a challenge. Null when it is invalid or was issued to another browser.</summary>
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
