using System.Security.Claims;
using AdminConsole.Authorization;
using AdminConsole.Core.Authentication;
using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Identity;
using AdminConsole.Core.Users;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace AdminConsole.Authentication;

/// <summary>
/// Identity's sign-in manager. Passwords and codes are checked by Core, which reserves a failure before it looks at
/// anything, takes as long
/// for unknown names, and begins a session that can be ended. Ways of the base that would skip that throw.
/// </summary>
public sealed class AppSignInManager(
    AppUserManager users,
    IHttpContextAccessor http,
    IUserClaimsPrincipalFactory<AppUser> claims,
    IOptions<IdentityOptions> options,
    ILogger<SignInManager<AppUser>> logger,
    IAuthenticationSchemeProvider schemes,
    IUserConfirmation<AppUser> confirmation,
    PasswordSignIn passwords,
    TwoFactorSignIn second,
    PasskeySignIn passkeys,
    ExternalSignIn external,
    PasskeyCeremony ceremony,
    BrowserSession browser,
    SignInStateCookies tickets
) : SignInManager<AppUser>(users, http, claims, options, logger, schemes, confirmation)
{
    private Uri Root => new($"{Context.Request.Scheme}://{Context.Request.Host}");

    /// <summary>True while a sign-in of this browser waits for its code.</summary>
    public bool IsTwoFactorPending => tickets.ReadPending(Context) is not null;

    /// <summary>
    /// Signs in with a password, and a code where the request has one. Refused as <c>invalid_credentials </c>, whatever
    /// the reason,
    /// <c>busy</c>, or <c>mfa_required</c>.
    /// </summary>
    /// <param name="request">What was typed.</param>
    /// <param name="isPage">True where a page asks for the code next, by
    /// <see cref="TwoFactorSignInAsync(string?, string?)"/>. </param>
    public async Task<Result<Me>> PasswordSignInAsync(LoginRequest request, bool isPage)
    {
        var me = await browser.StartAsync(passwords.SignInAsync(CurrentActor.Of(Context), request, Context.RequestAborted));
        if (isPage && me.Refusal is { Pending: { } pending })
        {
            tickets.Write(Context, pending);
        }

        return me;
    }

    /// <summary>Continues after the first factor; null if no sign-in is pending.</summary>
    public async Task<Result<Me>?> TwoFactorSignInAsync(string? code, string? recoveryCode)
    {
        if (tickets.ReadPending(Context) is not var (pending, ticket))
        {
            return null;
        }

        var me = await browser.StartAsync(
            second.SignInAsync(CurrentActor.Of(Context), pending, ticket, code, recoveryCode, Context.RequestAborted)
        );
        if (me.Refusal is null)
        {
            tickets.Clear(Context);
        }

        return me;
    }

    /// <summary>
    /// What a page gives the browser to sign in with a passkey: the options, and the challenge that has to come back
    /// with the answer. Each
    /// page has its own, so that two tabs don't take it from each other.
    /// </summary>
    public async Task<(string Options, string Challenge)> AskForPasskeyAsync()
    {
        var asked = await ceremony.AskAsync(Root);
        return (asked.RequestOptionsJson, tickets.Seal(Context, asked.AssertionState!, PasskeyCeremony.Lifetime));
    }

    /// <summary>Signs in with what the browser answered. Refused as <c>invalid_credentials </c>, whatever the
    /// reason.</summary>
    public async Task<Result<Me>> PasskeySignInAsync(string? challenge, string? credential, bool remember)
    {
        var (caller, ct) = (CurrentActor.Of(Context), Context.RequestAborted);
        var opened = tickets.Open(Context, challenge);
        var proven =
            opened is null || string.IsNullOrEmpty(credential) ? null : await ceremony.VerifyAsync(Root, opened.Value.State, credential);
        return await browser.StartAsync(
            proven is null
                ? passkeys.FailAsync(caller, ct)
                : passkeys.SignInAsync(caller, proven.UserId, proven.Passkey, opened!.Value.Ticket, remember, ct)
        );
    }

    /// <summary>
    /// Signs in with what a provider answered, and forgets the answer. Refused as <see cref="ExternalSignIn"/> does;
    /// where a code is due,
    /// a page asks for it next.
    /// </summary>
    public async Task<Result<Me>> ExternalLoginSignInAsync(ExternalLoginInfo login, bool isPersistent = false)
    {
        // What was asked for to link an account signs nobody in: it carries no ticket.
        if (SignInStateCookies.Read(login.AuthenticationProperties) is not { } ticket)
        {
            return ExternalSignIn.Expired;
        }

        var me = await browser.StartAsync(
            external.SignInAsync(
                CurrentActor.Of(Context),
                login.LoginProvider,
                login.ProviderKey,
                ticket,
                isPersistent,
                Context.RequestAborted
            )
        );
        if (me.Refusal is { Pending: { } pending })
        {
            tickets.Write(Context, pending, ticket);
        }

        await ForgetExternalLoginAsync();
        return me;
    }

    /// <summary>Forgets what a provider answered.</summary>
    public Task ForgetExternalLoginAsync() => Context.SignOutAsync(IdentityConstants.ExternalScheme);

    /// <summary>The account's authenticator app is asked for; <paramref name="bypassTwoFactor"/> isn't
    /// supported.</summary>
    public override async Task<SignInResult> ExternalLoginSignInAsync(
        string loginProvider,
        string providerKey,
        bool isPersistent,
        bool bypassTwoFactor
    )
    {
        if (bypassTwoFactor)
        {
            throw new NotSupportedException("The second factor of an account is never skipped.");
        }

        if (await GetExternalLoginInfoAsync() is not { } login || login.LoginProvider != loginProvider || login.ProviderKey != providerKey)
        {
            return SignInResult.Failed;
        }

        var me = await ExternalLoginSignInAsync(login, isPersistent);
        return me.Refusal?.Code == ExternalSignIn.Inactive.Code ? SignInResult.NotAllowed : ResultOf(me);
    }

    /// <summary>Failures always count, whatever <paramref name="lockoutOnFailure"/> says.</summary>
    public override async Task<SignInResult> PasswordSignInAsync(string userName, string password, bool isPersistent, bool lockoutOnFailure)
    {
        var request = new LoginRequest
        {
            Login = userName,
            Password = password,
            Remember = isPersistent,
        };
        return ResultOf(await PasswordSignInAsync(request, isPage: true));
    }

    /// <summary>Not supported: the name that is signed in with may be another account's by now.</summary>
    public override Task<SignInResult> PasswordSignInAsync(AppUser user, string password, bool isPersistent, bool lockoutOnFailure) =>
        throw new NotSupportedException("Sign in by name.");

    /// <summary>Whether the session is persistent was chosen beside the password; browsers aren't remembered.</summary>
    public override async Task<SignInResult> TwoFactorAuthenticatorSignInAsync(string code, bool isPersistent, bool rememberClient) =>
        await TwoFactorSignInAsync(code, recoveryCode: null) is { } me ? ResultOf(me) : SignInResult.Failed;

    public override async Task<SignInResult> TwoFactorRecoveryCodeSignInAsync(string recoveryCode) =>
        await TwoFactorSignInAsync(code: null, recoveryCode) is { } me ? ResultOf(me) : SignInResult.Failed;

    public override Task<SignInResult> TwoFactorSignInAsync(string provider, string code, bool isPersistent, bool rememberClient) =>
        provider == TokenOptions.DefaultAuthenticatorProvider
            ? TwoFactorAuthenticatorSignInAsync(code, isPersistent, rememberClient)
            : throw new NotSupportedException($"There are no codes by '{provider}'.");

    public override async Task<AppUser?> GetTwoFactorAuthenticationUserAsync() =>
        tickets.ReadPending(Context) is { Pending: var pending }
        && await UserManager.FindByIdAsync(pending.UserId.ToString()) is { } user
        && user.SecurityStamp == pending.Stamp
            ? user
            : null;

    public override Task<bool> CanSignInAsync(AppUser user) => Task.FromResult(user.Active);

    public override bool IsSignedIn(ClaimsPrincipal principal) => principal.Identity?.IsAuthenticated == true;

    public override async Task SignOutAsync()
    {
        await ForgetExternalLoginAsync();
        await browser.EndAsync();
    }

    /// <summary>Not supported: it would count no failure.</summary>
    public override Task<SignInResult> CheckPasswordSignInAsync(AppUser user, string password, bool lockoutOnFailure) =>
        throw new NotSupportedException("Sign in with PasswordSignInAsync, which counts failures.");

    /// <summary>Not supported: the challenge is kept in the page, so that two tabs have one each.</summary>
    public override Task<SignInResult> PasskeySignInAsync(string credentialJson) =>
        throw new NotSupportedException("Sign in with the challenge of the page, by AskForPasskeyAsync.");

    /// <summary>Not supported: a session begins with a proof of who signs in, in a change that records it.</summary>
    public override Task SignInWithClaimsAsync(
        AppUser user,
        AuthenticationProperties? authenticationProperties,
        IEnumerable<Claim> additionalClaims
    ) => throw new NotSupportedException("A session begins with one of this manager's sign-ins.");

    /// <summary>Not supported: a session is read anew with every request.</summary>
    public override Task RefreshSignInAsync(AppUser user) => throw new NotSupportedException("A session needs no refreshing.");

    private static SignInResult ResultOf(Result<Me> me) =>
        me.Refusal is null ? SignInResult.Success
        : me.Refusal.Pending is not null ? SignInResult.TwoFactorRequired
        : SignInResult.Failed;
}
