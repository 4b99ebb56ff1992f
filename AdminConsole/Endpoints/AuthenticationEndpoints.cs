using AdminConsole.Authentication;
using AdminConsole.Authorization;
using AdminConsole.Core.Authentication;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Security;
using AdminConsole.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AdminConsole.Endpoints;

/// <summary>Initial setup, sign-in and sign-out, and forgotten passwords.</summary>
public static class AuthenticationEndpoints
{
    public static void MapAuthentication(this RouteGroupBuilder api)
    {
        var open = api.MapGroup("/auth").WithTags("Auth").AllowAnonymous();
        open.MapGet("/setup-required", SetupRequired).WithSummary("Check whether the first administrator must be created");
        open.MapPost("/setup", Setup)
            .WithSummary("Create the first administrator and sign in")
            .Refuses(400, 403, 409, 429, 503)
            .RequireRateLimiting(RateLimits.SignIn);
        open.MapPost("/login", Login)
            .WithSummary("Sign in with a password, and with a code if a second factor is set up; sets the session cookie")
            .Refuses(400, 401, 429, 503)
            .RequireRateLimiting(RateLimits.SignIn);
        open.MapPost("/logout", Logout).WithSummary("Sign out");
        open.MapPost("/forgot-password", ForgotPassword)
            .WithSummary("Request an email with a link to set a new password")
            .Refuses(400, 429)
            .RequireRateLimiting(RateLimits.SignIn);
        open.MapPost("/reset-password", ResetPassword)
            .WithSummary("Set a new password with the secret of a reset link")
            .Refuses(400, 429, 503)
            .RequireRateLimiting(RateLimits.SignIn);

        // Setting up a second factor requires a recent sign-in, so that confirmation must work while the setup is due.
        api.MapPost("/auth/reauthenticate", Reauthenticate)
            .WithTags("Auth")
            .WithSummary("Confirm your identity for sensitive operations")
            .RequireAuthorization(Policies.EvenWithFactorDue)
            .Refuses(400, 401, 403, 429, 503)
            .RequireRateLimiting(RateLimits.SignIn);
    }

    private static async Task<Ok<SetupState>> SetupRequired(SetupGate gate, CancellationToken ct) =>
        TypedResults.Ok(new SetupState(await gate.IsOpenAsync(ct)));

    private static async Task<Results<Ok<Me>, ProblemHttpResult>> Setup(
        SetupRequest request,
        SetupGate gate,
        FirstAdministrator first,
        BrowserSession browser,
        Actor actor,
        HttpContext context,
        CancellationToken ct
    ) =>
        await gate.RequireAsync(context, request.SetupCode) is { } refused
            ? refused.ToProblem()
            : await browser.StartAsync(first.CreateAsync(actor, request, ct)).ToOk();

    private static Task<Results<Ok<Me>, ProblemHttpResult>> Login(LoginRequest request, AppSignInManager signIn) =>
        signIn.PasswordSignInAsync(request, isPage: false).ToOk();

    private static async Task<NoContent> Logout(AppSignInManager signIn)
    {
        await signIn.SignOutAsync();
        return TypedResults.NoContent();
    }

    private static async Task<Results<Accepted, ProblemHttpResult>> ForgotPassword(
        ForgotPasswordRequest request,
        ForgottenPassword forgotten,
        Actor actor,
        CancellationToken ct
    ) => (await forgotten.RequestAsync(actor, request, ct)).ToHttp(_ => TypedResults.Accepted((string?)null));

    private static Task<Results<NoContent, ProblemHttpResult>> ResetPassword(
        ResetPasswordRequest request,
        PasswordResets resets,
        Actor actor,
        CancellationToken ct
    ) => resets.RedeemAsync(actor, request, ct).ToNoContent();

    private static Task<Results<NoContent, ProblemHttpResult>> Reauthenticate(
        ReauthenticateRequest request,
        Reauthentication reauthentication,
        Actor actor,
        CancellationToken ct
    ) => reauthentication.ConfirmAsync(actor, request, ct).ToNoContent();
}
