using AdminConsole.Authentication;
using AdminConsole.Commands;
using AdminConsole.Endpoints;
using AdminConsole.Endpoints.OpenApi;
using AdminConsole.Http;
using AdminConsole.Startup;

return await ServerStartup.RunAsync(async () =>
{
    if (await CommandLine.RunAsync(args) is { } exitCode)
    {
        return exitCode;
    }

    var app = await ServerStartup.BuildAsync(args);

    app.UseDrain();
    app.UseForwardedHeaders();
    app.UseBasePath();
    app.UseBearerTokenPipeline();
    app.UseSecurityHeaders();
    app.UseProblems();
    app.UseNullCharacterFilter();
    app.UseExternalProviders();
    app.UseSameOrigin();
    app.UseHeadAsGet();
    app.UseSetupRedirect();
    app.UseApiPage();
    app.UseRouting();
    app.UseOriginalHead();
    app.UseBodyCharset();
    app.UseCors();
    app.UseRateLimits();
    app.UseAuthentication();
    app.UseAuthorization();
    app.UseAntiforgery();

    app.MapStaticAssets().AllowAnonymous();
    app.MapApi();
    app.MapApiDocument();
    app.MapHealth();
    app.MapExternalProviders();
    app.MapProviderRequests();
    app.MapPages();

    await app.ServeAsync();
    return 0;
});
