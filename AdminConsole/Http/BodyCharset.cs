using AdminConsole.Core.Common;
using Microsoft.Net.Http.Headers;

namespace AdminConsole.Http;

/// <summary>
/// Accepts bodies in UTF-8 only, whatever their type. The framework throws for a charset that it does not know, and
/// takes the quotes of
/// <c>charset="utf-8"</c> (RFC 9110, 5.6.6) for a part of the name.
/// </summary>
public static class BodyCharset
{
    private const string Utf8 = "utf-8";

    private static readonly Refusal Unsupported = Refusal.Invalid(
        "unsupported_media_type",
        "The body must be UTF-8: leave the charset out of Content-Type, or name utf-8."
    );

    /// <summary>Placed after routing, so that OAuth endpoints refuse in their own form.</summary>
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

        // What does not even parse, such as "charset=" with nothing behind it, names no charset that is known.
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
