using AdminConsole.Core.Contracts;
using AdminConsole.Core.Security;
using AdminConsole.Core.System;
using AdminConsole.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AdminConsole.Endpoints;

/// <summary>The health of this node.</summary>
public static class SystemEndpoints
{
    public static void MapSystem(this RouteGroupBuilder api)
    {
        var system = api.MapGroup("/system").WithTags("System").RequireAuthorization(Permissions.SettingsWrite).Refuses(401, 403);
        system.MapGet("/", Find).WithSummary("Get the health of the answering node");
    }

    private static Task<Results<Ok<SystemStatus>, ProblemHttpResult>> Find(ConsoleHealth health, Actor actor, CancellationToken ct) =>
        health.GetAsync(actor, ct).ToOk();
}
