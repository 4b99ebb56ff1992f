using AdminConsole.Authorization;
using AdminConsole.Core.Account;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Security;
using AdminConsole.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AdminConsole.Endpoints;

/// <summary>The caller's own account: profile, password, email and second factor. Its routes are under
/// <c>/auth</c>.</summary>
public static class AccountEndpoints
{
    public static void MapAccount(this RouteGroupBuilder api)
    {
        var own = api.MapGroup("/auth").WithTags("Auth");
        own.MapGet("/me", Me)
            .WithSummary("Get your account and your current permissions")
            .RequireAuthorization(Policies.EvenWithPasswordDue)
            .Refuses(401)
            .WithMetadata(TokenOnlyResponses.Me);
        own.MapPost("/password", ChangePassword)
            .WithSummary("Change your own password; ends your other sessions")
            .RequireAuthorization(Policies.EvenWithPasswordDue)
            .Refuses(400, 401, 429, 503)
            .RequireRateLimiting(RateLimits.SignIn);
        own.MapPost("/email", ChangeEmail)
            .WithSummary("Request an email change; it takes effect when the link sent to the new address is used")
            .RequireAuthorization(Policies.Interactive)
            .Refuses(400, 401, 403, 409, 429)
            .RequireRateLimiting(RateLimits.SignIn);
        own.MapPost("/confirm-email", ConfirmEmail)
            .WithSummary("Confirm a new email with the secret of the link sent to it")
            .AllowAnonymous()
            .Refuses(400, 409, 429)
            .RequireRateLimiting(RateLimits.SignIn);

        // The second factor can be set up while a role requires one that is missing.
        var totp = api.MapGroup("/auth/mfa/totp")
            .WithTags("Auth")
            .RequireAuthorization(Policies.EvenWithFactorDue)
            .RequireRateLimiting(RateLimits.SignIn)
            .Refuses(401, 403, 409, 429);
        totp.MapPost("/", BeginTotp).WithSummary("Start the setup of an authenticator app; returns its secret");
        totp.MapPost("/confirm", ConfirmTotp)
            .WithSummary("Enable the authenticator app with its first code; returns the recovery codes")
            .Refuses(400);
    }

    private static Task<Results<Ok<Me>, ProblemHttpResult>> Me(OwnAccount account, Actor actor, CancellationToken ct) =>
        account.GetAsync(actor, ct).ToOk();

    private static Task<Results<NoContent, ProblemHttpResult>> ChangePassword(
        ChangePasswordRequest request,
        OwnPassword password,
        Actor actor,
        CancellationToken ct
    ) => password.ChangeAsync(actor, request, ct).ToNoContent();

    private static async Task<Results<Accepted, ProblemHttpResult>> ChangeEmail(
        ChangeEmailRequest request,
        EmailChanges changes,
        Actor actor,
        CancellationToken ct
    ) => (await changes.RequestAsync(actor, request, ct)).ToHttp(_ => TypedResults.Accepted((string?)null));

    private static Task<Results<NoContent, ProblemHttpResult>> ConfirmEmail(
        ConfirmEmailRequest request,
        EmailChanges changes,
        Actor actor,
        CancellationToken ct
    ) => changes.ConfirmAsync(actor, request, ct).ToNoContent();

    private static async Task<Results<Ok<TotpOffer>, ProblemHttpResult>> BeginTotp(OwnFactors factors, Actor actor, CancellationToken ct) =>
        (await factors.OfferAsync(actor, ct)).ToHttp(offer =>
            TypedResults.Ok(new TotpOffer(offer.Key.Replace(" ", "", StringComparison.Ordinal), offer.Address, offer.Enrolment))
        );

    private static async Task<Results<Ok<RecoveryCodes>, ProblemHttpResult>> ConfirmTotp(
        ConfirmTotpRequest request,
        OwnFactors factors,
        Actor actor,
        CancellationToken ct
    ) => (await factors.ConfirmAsync(actor, request, ct)).ToHttp(codes => TypedResults.Ok(new RecoveryCodes(codes)));
}
