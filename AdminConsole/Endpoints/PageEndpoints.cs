using AdminConsole.Authentication;
using AdminConsole.Circuits;
using AdminConsole.Components;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AdminConsole.Endpoints;

/// <summary>The pages, the connection of their circuits, and sign-out.</summary>
public static class PageEndpoints
{
    // The paths of these pages in other consoles.
    private static readonly (string Path, string Page)[] Aliases =
    [
        ("/profile", Urls.Profile),
        ("/admin/users", Urls.Users),
        ("/dashboard", Urls.Overview),
    ];

    public static void MapPages(this WebApplication app)
    {
        var connections = app.Services.GetRequiredService<CircuitConnections>();
        app.UseWhen(context => context.Request.Path.StartsWithSegments("/_blazor"), branch => branch.Use(connections.RunAsync));
        app.MapPost("/" + Urls.Logout, SignOutAsync).AllowAnonymous().ExcludeFromDescription();
        foreach (var (path, page) in Aliases)
        {
            app.MapGet(path, () => TypedResults.LocalRedirect("~/" + page)).AllowAnonymous().ExcludeFromDescription();
        }

        // SecurityHeaders sets the policy.
        app.MapRazorComponents<App>().AddInteractiveServerRenderMode(options => options.ContentSecurityFrameAncestorsPolicy = null);
    }

    private static async Task<RedirectHttpResult> SignOutAsync(AppSignInManager signIn)
    {
        await signIn.SignOutAsync();
        return TypedResults.LocalRedirect("~/" + Urls.SignIn(reason: "signed-out"));
    }
}
