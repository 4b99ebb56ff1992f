using AdminConsole.Http;

namespace AdminConsole.Authentication;

/// <summary>The separate pipeline of requests with a bearer token. The browser steps (cookies, redirects, pages,
/// same-origin rule, antiforgery) do not apply to them, and each step costs time. A cookie in such a request is not
/// even read.</summary>
internal static class BearerTokenPipeline
{
    // A branch has separate routes unless it receives those of the application, and there is no public API for that.
    // Without this property, no endpoint is reachable with a token.
    private const string Routes = "__GlobalEndpointRouteBuilder";

    // The branch is built together with the main pipeline, after all routes are mapped.
    public static void UseBearerTokenPipeline(this WebApplication app) =>
        ((IApplicationBuilder)app).Use(next =>
        {
            var branch = ((IApplicationBuilder)app).New();
            branch.Properties[Routes] = app;
            branch.UseProgramHeaders();
            branch.UseExceptionProblems();
            branch.UseNullCharacterFilter();
            branch.UseHeadAsGet();
            branch.UseRouting();
            branch.UseOriginalHead();
            branch.UseBodyCharset();
            branch.UseCors();
            branch.UseRateLimits();
            branch.UseMiddleware<BearerTokenMiddleware>();
            var pipeline = branch.Build();
            return context => Bearer.IsIn(context.Request) ? pipeline(context) : next(context);
        });
}
