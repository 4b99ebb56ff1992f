using AdminConsole.Core.Common;

namespace AdminConsole.Http;

/// <summary>Refuses URLs that contain U+0000, because PostgreSQL cannot store it. Bodies are checked during
/// validation.</summary>
public static class NullCharacterFilter
{
    private static readonly Refusal Nul = Refusal.Invalid("invalid_request", "The character U+0000 is not allowed.");

    public static void UseNullCharacterFilter(this IApplicationBuilder app) =>
        app.Use(
            (context, next) =>
                context.Request.Path.Value?.Contains('\0') == true
                || context.Request.QueryString.Value?.Contains("%00", StringComparison.Ordinal) == true
                    ? RefuseAsync(context)
                    : next(context)
        );

    // Runs before routing, so no endpoint indicates yet that OAuth has its own error format.
    private static Task RefuseAsync(HttpContext context) =>
        context.Request.Path.StartsWithSegments("/oauth") ? OAuth.WriteAsync(Nul, context, null) : Nul.WriteAsync(context);
}
