using System.Security.Claims;
using AdminConsole.Authorization;
using AdminConsole.Core.Authentication;
using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Identity;
using AdminConsole.Core.Providers;
using AdminConsole.Core.Users;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace AdminConsole.Authentication;

/// <summary>Identity's sign-in manager, backed by the sign-in services of Core. They reserve a failed attempt before
/// verifying anything, take the same time for unknown usernames, and start a session that can be ended. Members of the
/// base class that would bypass this throw <see cref="NotSupportedException"/>.</summary>
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

    /// <summary>Signs in with a password, and with a code if the request has one. Refused as <c>invalid_credentials</c>
    /// regardless of the reason, as <c>busy</c>, or as <c>mfa_required</c>.</summary>
    /// <param name="request">The submitted credentials.</param>
    /// <param name="isPage">True when a page asks for the code next, through
    /// <see cref="TwoFactorSignInAsync(string?, string?)"/>.</param>
    public async Task<Result<Me>> PasswordSignInAsync(LoginRequest request, bool isPage)
    {
        var me = await browser.StartAsync(passwords.SignInAsync(CurrentActor.Of(Context), request, Context.RequestAborted));
        if (isPage && me.Refusal is SecondFactorRequired { Pending: var pending })
        {
            tickets.Write(Context, pending);
        }

        return me;
    }

    /// <summary>Completes a pending sign-in with its code. Null when no sign-in is pending.</summary>
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

    /// <summary>Returns the request options for a passkey sign-in, and the challenge that the browser must send back
    /// with its response. Each page has its own challenge, so that two tabs do not consume each other's.</summary>
    public async Task<(string Options, string Challenge)> BeginPasskeySignInAsync()
    {
        var request = await ceremony.CreateRequestOptionsAsync(Root);
        return (request.RequestOptionsJson, tickets.Seal(Context, request.AssertionState!, PasskeyCeremony.Lifetime));
    }

    /// <summary>Signs in with the browser's passkey response. Refused as <c>invalid_credentials</c> regardless of the
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

    /// <summary>Signs in with the result of an identity provider, then deletes that result. Refused as by
    /// <see cref="ExternalSignIn"/>. When a code is required, the sign-in is stored for the page that asks for
    /// it.</summary>
    public async Task<Result<Me>> ExternalLoginSignInAsync(ExternalLoginInfo login, bool isPersistent = false)
    {
        // A result that was requested to link an account has no token and must not sign in.
        if (SignInStateCookies.Read(login.AuthenticationProperties) is not { } ticket)
        {
            await ForgetExternalLoginAsync();
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
        if (me.Refusal is SecondFactorRequired { Pending: var pending })
        {
            tickets.Write(Context, pending, ticket);
        }

        await ForgetExternalLoginAsync();
        return me;
    }

    /// <summary>Signs in with the verified identity of a provider in the database. Refused as by
    /// <see cref="ProviderSignIn"/>. When a code is required, the sign-in is stored for the page that asks for
    /// it.</summary>
    public async Task<Result<Me>> ProviderSignInAsync(
        ProviderSignIn signIns,
        ExternalIdentity identity,
        AuthenticationProperties properties
    )
    {
        if (SignInStateCookies.Read(properties) is not { } ticket)
        {
            return ProviderRefusals.Expired;
        }

        var me = await browser.StartAsync(signIns.SignInAsync(CurrentActor.Of(Context), identity, ticket, Context.RequestAborted));
        if (me.Refusal is SecondFactorRequired { Pending: var pending })
        {
            tickets.Write(Context, pending, ticket);
        }

        return me;
    }

    /// <summary>Names a provider in the database, whose scheme the base class doesn't know.</summary>
    public override async Task<ExternalLoginInfo?> GetExternalLoginInfoAsync(string? expectedXsrf = null)
    {
        var login = await base.GetExternalLoginInfoAsync(expectedXsrf);
        if (login?.AuthenticationProperties?.Items.TryGetValue(ProviderRequests.NameItem, out var name) == true)
        {
            login.ProviderDisplayName = name;
        }

        return login;
    }

    /// <summary>Deletes the stored result of an identity provider.</summary>
    public Task ForgetExternalLoginAsync() => Context.SignOutAsync(IdentityConstants.ExternalScheme);

    /// <summary>Always requires the second factor of the account; <paramref name="bypassTwoFactor"/> is not
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
            throw new NotSupportedException("The second factor of an account can't be bypassed.");
        }

        if (await GetExternalLoginInfoAsync() is not { } login || login.LoginProvider != loginProvider || login.ProviderKey != providerKey)
        {
            await ForgetExternalLoginAsync();
            return SignInResult.Failed;
        }

        var me = await ExternalLoginSignInAsync(login, isPersistent);
        return me.Refusal?.Code == ExternalSignIn.Inactive.Code ? SignInResult.NotAllowed : ResultOf(me);
    }

    /// <summary>Failures always count towards the lockout, regardless of <paramref name="lockoutOnFailure"/>.</summary>
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

    /// <summary>Not supported: by now, the user's sign-in name may belong to another account.</summary>
    public override Task<SignInResult> PasswordSignInAsync(AppUser user, string password, bool isPersistent, bool lockoutOnFailure) =>
        throw new NotSupportedException("Use the overload that takes a username.");

    /// <summary>Ignores both flags: persistence was chosen together with the password, and browsers are not
    /// remembered.</summary>
    public override async Task<SignInResult> TwoFactorAuthenticatorSignInAsync(string code, bool isPersistent, bool rememberClient) =>
        await TwoFactorSignInAsync(code, recoveryCode: null) is { } me ? ResultOf(me) : SignInResult.Failed;

    public override async Task<SignInResult> TwoFactorRecoveryCodeSignInAsync(string recoveryCode) =>
        await TwoFactorSignInAsync(code: null, recoveryCode) is { } me ? ResultOf(me) : SignInResult.Failed;

    public override Task<SignInResult> TwoFactorSignInAsync(string provider, string code, bool isPersistent, bool rememberClient) =>
        provider == TokenOptions.DefaultAuthenticatorProvider
            ? TwoFactorAuthenticatorSignInAsync(code, isPersistent, rememberClient)
            : throw new NotSupportedException($"The two-factor provider '{provider}' is not supported.");

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

    /// <summary>Not supported: it would not count failures.</summary>
    public override Task<SignInResult> CheckPasswordSignInAsync(AppUser user, string password, bool lockoutOnFailure) =>
        throw new NotSupportedException("Use PasswordSignInAsync, which counts failures.");

    /// <summary>Not supported: the challenge is stored in the page, so that each tab has its own.</summary>
    public override Task<SignInResult> PasskeySignInAsync(string credentialJson) =>
        throw new NotSupportedException("Use AskForPasskeyAsync and the overload that takes its challenge.");

    /// <summary>Not supported: a session starts with a proof of identity, in a change that is audited.</summary>
    public override Task SignInWithClaimsAsync(
        AppUser user,
        AuthenticationProperties? authenticationProperties,
        IEnumerable<Claim> additionalClaims
    ) => throw new NotSupportedException("Use a sign-in method of this manager to start a session.");

    /// <summary>Not supported: the session is read again on every request.</summary>
    public override Task RefreshSignInAsync(AppUser user) => throw new NotSupportedException("A session needs no refresh.");

    private static SignInResult ResultOf(Result<Me> me) =>
        me.Refusal is null ? SignInResult.Success
        : me.Refusal is SecondFactorRequired ? SignInResult.TwoFactorRequired
        : SignInResult.Failed;
}
