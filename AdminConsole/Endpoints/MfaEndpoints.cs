using AdminConsole.Authorization;
using AdminConsole.Core.Account;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Security;
using AdminConsole.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AdminConsole.Endpoints;

/// <summary>Sets up the caller's second factor, also while a role requires one that is missing.</summary>
public static class MfaEndpoints
{
    public static void MapMfa(this RouteGroupBuilder api)
    {
        var totp = api.MapGroup("/auth/mfa/totp")
            .WithTags("Auth")
            .RequireAuthorization(Policies.EvenWithFactorDue)
            .RequireRateLimiting(RateLimits.SignIn)
            .Refuses(401, 403, 409, 429);
        totp.MapPost("/", Begin).WithSummary("Start the setup of an authenticator app; returns its secret");
        totp.MapPost("/confirm", Confirm)
            .WithSummary("Enable the authenticator app with its first code; returns the recovery codes")
            .Refuses(400);
    }

    private static async Task<Results<Ok<TotpOffer>, ProblemHttpResult>> Begin(OwnFactors factors, Actor actor, CancellationToken ct) =>
        (await factors.OfferAsync(actor, ct)).ToHttp(offer =>
            TypedResults.Ok(new TotpOffer(offer.Key.Replace(" ", "", StringComparison.Ordinal), offer.Address, offer.Enrolment))
        );

    private static async Task<Results<Ok<RecoveryCodes>, ProblemHttpResult>> Confirm(
        ConfirmTotpRequest request,
        OwnFactors factors,
        Actor actor,
        CancellationToken ct
    ) => (await factors.ConfirmAsync(actor, request, ct)).ToHttp(codes => TypedResults.Ok(new RecoveryCodes(codes)));
}
