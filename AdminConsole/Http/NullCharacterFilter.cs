using AdminConsole.Core.Common;

namespace AdminConsole.Http;

/// <summary>Refuses addresses with U+0000 in them: PostgreSQL stores no such text. Bodies are checked where they are
/// validated.</summary>
public static class NullCharacterFilter
{
    private static readonly Refusal Nul = Refusal.Invalid("invalid_request", "The character U+0000 is not allowed.");

    public static void UseStorableText(this IApplicationBuilder app) =>
        app.Use(
            (context, next) =>
                context.Request.Path.Value?.Contains('\0') == true
                || context.Request.QueryString.Value?.Contains("%00", StringComparison.Ordinal) == true
                    ? RefuseAsync(context)
                    : next(context)
        );

    // Before routing, so that no endpoint says yet that OAuth answers in a form of its own.
    private static Task RefuseAsync(HttpContext context) =>
        context.Request.Path.StartsWithSegments("/oauth") ? OAuth.WriteAsync(Nul, context, null) : Nul.WriteAsync(context);
}
