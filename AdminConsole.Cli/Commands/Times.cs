using System.Globalization;

namespace AdminConsole.Cli.Commands;

/// <summary>Parses times given as a date, a time (UTC unless specified), or a span such as 30m, 12h, 7d.</summary>
internal static class Times
{
    public static DateTimeOffset? ToCome(string? text, string option) => Read(text, option, +1);

    public static DateTimeOffset? Ago(string? text, string option) => Read(text, option, -1);

    /// <summary>Parses a span of whole days. Returns null for <c>never</c>.</summary>
    public static int? Days(string text, string option) =>
        string.Equals(text, "never", StringComparison.OrdinalIgnoreCase) ? null
        : Span(text) is { TotalDays: >= 1 } span && span.TotalDays % 1 == 0 ? (int)span.TotalDays
        : throw CliException.Usage($"{option} is a number of days such as 90d, or never; '{text}' is neither.");

    private static DateTimeOffset? Read(string? text, string option, int direction) =>
        text is null ? null
        : Span(text) is { } span ? TimeProvider.System.GetUtcNow() + (direction * span)
        : DateTimeOffset.TryParse(
            text,
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
            out var time
        )
            ? time
        : throw CliException.Usage(
            $"{option} is a time such as 2027-01-31 or 2027-01-31T12:00Z, or a span such as 30m, 12h, 7d; '{text}' is neither."
        );

    private static TimeSpan? Span(string text) =>
        text.Length is < 2 or > 6 || !int.TryParse(text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? null
            : text[^1] switch
            {
                'm' => TimeSpan.FromMinutes(number),
                'h' => TimeSpan.FromHours(number),
                'd' => TimeSpan.FromDays(number),
                'w' => TimeSpan.FromDays(7L * number),
                _ => null,
            };
}
