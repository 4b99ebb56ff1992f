namespace AdminConsole.Http;

/// <summary>Routes HEAD as GET (RFC 9110, 9.3.2). The server sends no body for it. An endpoint with an endless body
/// must check <see cref="IsHead"/> and write none.</summary>
public static class HeadRequests
{
    /// <summary>Must run before everything that reads the method.</summary>
    public static void UseHeadAsGet(this IApplicationBuilder app) =>
        app.Use(
            (context, next) =>
            {
                if (HttpMethods.IsHead(context.Request.Method))
                {
                    context.Request.Method = HttpMethods.Get;
                    context.Features.Set(Head.Request);
                }

                return next(context);
            }
        );

    /// <summary>Must run after routing. Handlers that support HEAD, such as those of files, see it again.</summary>
    public static void UseOriginalHead(this IApplicationBuilder app) =>
        app.Use(
            (context, next) =>
            {
                if (IsHead(context))
                {
                    context.Request.Method = HttpMethods.Head;
                }

                return next(context);
            }
        );

    public static bool IsHead(HttpContext context) => context.Features.Get<Head>() is not null;

    /// <summary>Adds HEAD to an Allow header that has GET, when a method is refused.</summary>
    public static void AllowHead(HttpResponse response)
    {
        var allowed = response.Headers.Allow.ToString().Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (allowed.Contains(HttpMethods.Get) && !allowed.Contains(HttpMethods.Head))
        {
            response.Headers.Allow = string.Join(", ", allowed.Append(HttpMethods.Head).Order(StringComparer.Ordinal));
        }
    }

    private sealed class Head
    {
        public static readonly Head Request = new();
    }
}
