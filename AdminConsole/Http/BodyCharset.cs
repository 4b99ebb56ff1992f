using AdminConsole.Core.Common;
using Microsoft.Net.Http.Headers;

namespace AdminConsole.Http;

/// <summary>Accepts request bodies in UTF-8 only, regardless of their type. The framework throws for an unknown
/// charset, and treats the quotes of <c>charset="utf-8"</c> (RFC 9110, 5.6.6) as part of the name.</summary>
public static class BodyCharset
{
    private const string Utf8 = "utf-8";

    private static readonly Refusal Unsupported = Refusal.Invalid(
        "unsupported_media_type",
        "The body must be UTF-8: leave the charset out of Content-Type, or name utf-8."
    );

    /// <summary>Must run after routing, so that OAuth endpoints refuse in their own format.</summary>
    public static void UseBodyCharset(this IApplicationBuilder app) =>
        app.Use(
            (context, next) =>
                IsSupported(context.Request) ? next(context) : Unsupported.WriteAsync(context, StatusCodes.Status415UnsupportedMediaType)
        );

    private static bool IsSupported(HttpRequest request)
    {
        if (request.ContentType is not { } text || !text.Contains("charset", StringComparison.OrdinalIgnoreCase))
        {
            return true;
        }

        // A value that cannot be parsed, such as "charset=", names no known charset.
        if (request.Headers.ContentType.Count != 1 || !MediaTypeHeaderValue.TryParse(text, out var type))
        {
            return false;
        }

        var charsets = type.Parameters.Where(parameter => parameter.Name.Equals("charset", StringComparison.OrdinalIgnoreCase)).ToList();
        if (!charsets.TrueForAll(charset => HeaderUtilities.RemoveQuotes(charset.Value).Equals(Utf8, StringComparison.OrdinalIgnoreCase)))
        {
            return false;
        }

        if (charsets.Exists(charset => charset.Value != Utf8))
        {
            charsets.ForEach(charset => type.Parameters.Remove(charset));
            request.ContentType = type.ToString();
        }

        return true;
    }
}
