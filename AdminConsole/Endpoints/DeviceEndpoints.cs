using AdminConsole.Authorization;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.OAuth;
using AdminConsole.Core.Security;
using AdminConsole.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AdminConsole.Endpoints;

/// <summary>The caller's own connected devices, and the sign-in of a device that has no browser.</summary>
public static class DeviceEndpoints
{
    public static void MapDevices(this RouteGroupBuilder api)
    {
        var devices = api.MapGroup("/devices").WithTags("Devices").RequireAuthorization(Policies.Interactive).Refuses(401, 403);
        devices
            .MapGet("/", List)
            .WithSummary("List your connected command lines and apps, and those that ended in the last 30 days, newest first")
            .Refuses(400);
        devices.MapPatch("/{id:guid}", Rename).WithSummary("Rename one of your devices").Refuses(400, 404);
        devices.MapDelete("/{id:guid}", End).WithSummary("Sign one of your devices out").Refuses(404);

        var auth = api.MapGroup("/auth").WithTags("Auth").RequireRateLimiting(RateLimits.SignIn);
        auth.MapPost("/token", Token)
            .WithSummary("Sign in a program with a password; returns tokens")
            .AllowAnonymous()
            .Refuses(400, 401, 429, 503);
        auth.MapPost("/cli-code", CliCode)
            .WithSummary("Create a single-use code that signs in a program")
            .RequireAuthorization(Policies.Interactive)
            .Refuses(401, 403, 429);
    }

    private static Task<Results<Ok<Page<DeviceSummary>>, ProblemHttpResult>> List(
        string? cursor,
        int? limit,
        ConnectedDevices devices,
        Actor actor,
        CancellationToken ct
    ) => devices.ListOwnAsync(actor, new PageQuery(limit ?? Limits.PageSize, cursor), ct).ToOk();

    private static Task<Results<Ok<DeviceSummary>, ProblemHttpResult>> Rename(
        Guid id,
        RenameDeviceRequest request,
        ConnectedDevices devices,
        Actor actor,
        CancellationToken ct
    ) => devices.RenameOwnAsync(actor, id, request, ct).ToOk();

    private static Task<Results<NoContent, ProblemHttpResult>> End(Guid id, ConnectedDevices devices, Actor actor, CancellationToken ct) =>
        devices.EndOwnAsync(actor, id, ct).ToNoContent();

    private static Task<Results<Ok<TokenResponse>, ProblemHttpResult>> Token(
        PasswordTokenRequest request,
        TokenEndpointService grants,
        Issuer issuer,
        Actor actor,
        CancellationToken ct
    ) => grants.GrantAsync(actor, issuer, request, ct).ToOk();

    private static Task<Results<Ok<CliCode>, ProblemHttpResult>> CliCode(CliCodes codes, Actor actor, CancellationToken ct) =>
        codes.IssueAsync(actor, ct).ToOk();
}
