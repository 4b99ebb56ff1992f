using AdminConsole.Http;

namespace AdminConsole.Authentication;

/// <summary>
/// Requests with a bearer token have a pipeline of their own: what the other one does for browsers (cookies, redirects,
/// pages,
/// same-origin rule, antiforgery) does not concern them, and each step costs. A cookie in such a request is not even
/// read.
/// </summary>
internal static class BearerTokenPipeline
{
    // A branch has its own routes unless it is handed the app's, and there is no public way to hand them over. Without
    // this no token opens anything.
    private const string Routes = "__GlobalEndpointRouteBuilder";

    // Built with the rest, when every route is mapped.
    public static void UseTokenRequests(this WebApplication app) =>
        ((IApplicationBuilder)app).Use(next =>
        {
            var branch = ((IApplicationBuilder)app).New();
            branch.Properties[Routes] = app;
            branch.UseProgramHeaders();
            branch.UseExceptionProblems();
            branch.UseStorableText();
            branch.UseHeadAsGet();
            branch.UseRouting();
            branch.UseHeadAgain();
            branch.UseBodyCharset();
            branch.UseCors();
            branch.UseRateLimits();
            branch.UseMiddleware<BearerTokenMiddleware>();
            var forTokens = branch.Build();
            return context => Bearer.IsIn(context.Request) ? forTokens(context) : next(context);
        });
}
