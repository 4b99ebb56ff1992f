using AdminConsole.Core.Contracts;
using AdminConsole.Core.Security;
using AdminConsole.Core.Settings;
using AdminConsole.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace AdminConsole.Endpoints;

/// <summary>The settings that can be changed while the program runs.</summary>
public static class SettingsEndpoints
{
    public static void MapSettings(this RouteGroupBuilder api)
    {
        var settings = api.MapGroup("/settings").WithTags("Settings").RequireAuthorization(Permissions.SettingsWrite).Refuses(401, 403);
        settings.MapGet("/", Find).WithSummary("Get the current settings");
        settings
            .MapGet("/second-factor-impact", Impact)
            .WithSummary("Count the users who would need to set up a second factor if these roles required one")
            .Refuses(400);
        settings.MapPut("/", Update).WithSummary("Replace the settings").Refuses(400);
    }

    private static Task<Results<Ok<SystemSettings>, ProblemHttpResult>> Find(SettingsStore settings, Actor actor, CancellationToken ct) =>
        settings.GetAsync(actor, ct).ToOk();

    // Without the attribute, generated binding reads an array from the body, and a GET without a content type matches
    // no route.
    private static Task<Results<Ok<SecondFactorImpact>, ProblemHttpResult>> Impact(
        [FromQuery(Name = "role")] string[] role,
        SettingsStore settings,
        Actor actor,
        CancellationToken ct
    ) => settings.ImpactAsync(actor, role, ct).ToOk();

    private static Task<Results<Ok<SystemSettings>, ProblemHttpResult>> Update(
        SystemSettings request,
        SettingsStore settings,
        Actor actor,
        CancellationToken ct
    ) => settings.UpdateAsync(actor, request, ct).ToOk();
}
