using AdminConsole.Core.Common;
using AdminConsole.Startup;

namespace AdminConsole.Http;

/// <summary>Serves everything below the path of PublicUrl, if it has one. Load balancers also find <c>/health</c> at
/// the root of the host.</summary>
public static class BasePath
{
    private const string Metadata = "/.well-known/oauth-authorization-server";

    /// <summary>Must run before everything that reads the path. A proxy may forward the path as it is, or remove the
    /// base and send it in X-Forwarded-Prefix.</summary>
    public static void UseBasePath(this WebApplication app)
    {
        var basePath = new PathString(Uri.UnescapeDataString(app.Services.GetRequiredService<ConsoleSettings>().BasePath));
        if (!basePath.HasValue)
        {
            return;
        }

        var outside = Refusal.NotFound($"There is nothing at this address. This console is served below {basePath}/.");
        app.Use(
            (context, next) =>
            {
                var request = context.Request;
                if (request.PathBase.Equals(basePath, StringComparison.Ordinal))
                {
                    return next(context);
                }

                if (request.Path.StartsWithSegments(basePath, StringComparison.Ordinal, out var rest))
                {
                    if (rest.HasValue)
                    {
                        (request.PathBase, request.Path) = (request.PathBase + basePath, rest);
                        return next(context);
                    }

                    return ToBaseAsync(context, basePath);
                }

                // Clients look here for the metadata of an issuer with a path (RFC 8414, 3.1).
                if (
                    request.Path.StartsWithSegments(Metadata, StringComparison.Ordinal, out var issuer)
                    && issuer.Equals(basePath, StringComparison.Ordinal)
                )
                {
                    (request.PathBase, request.Path) = (basePath, Metadata);
                    return next(context);
                }

                return request.Path.StartsWithSegments("/health", StringComparison.Ordinal) ? next(context)
                    : request.Path == "/" && (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method))
                        ? ToBaseAsync(context, basePath)
                    : RefuseAsync(context, outside);
            }
        );
    }

    private static Task RefuseAsync(HttpContext context, Refusal outside)
    {
        SecurityHeaders.Set(context);
        return outside.WriteAsync(context);
    }

    // The redirect is not permanent, because the console may move.
    private static Task ToBaseAsync(HttpContext context, PathString basePath)
    {
        SecurityHeaders.Set(context);
        context.Response.Redirect($"{basePath}/{context.Request.QueryString}");
        return Task.CompletedTask;
    }
}
