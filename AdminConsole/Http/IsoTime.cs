using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;

namespace AdminConsole.Http;

/// <summary>A time in a query, as an ISO 8601 date or date and time. A date means 00:00 UTC. A time needs an offset or
/// Z, without which it is ambiguous. Other formats are refused, because <c>11/12/2026</c> is one of two days.</summary>
public readonly partial record struct IsoTime(DateTimeOffset Value)
{
    /// <summary>The expected format, as a message for users.</summary>
    public const string Expected = "A time is ISO 8601, with an offset or Z: 2026-11-28 or 2026-11-28T09:30:00Z.";

    // Seconds and their fraction are optional. 24:00 and leap seconds are not accepted.
    private static readonly string[] Formats =
    [
        "yyyy-MM-dd",
        "yyyy-MM-dd'T'HH:mmK",
        "yyyy-MM-dd'T'HH:mm:ssK",
        "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK",
    ];

    public static bool TryParse(string? text, IFormatProvider? provider, out IsoTime time)
    {
        var isTime =
            DateTimeOffset.TryParseExact(text, Formats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var value)
            && Shape().IsMatch(text!);
        time = new IsoTime(isTime ? value : default);
        return isTime;
    }

    [GeneratedRegex(
        @"^[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,7})?)?(Z|[+-][0-9]{2}:[0-9]{2}))?$",
        RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture
    )]
    private static partial Regex Shape();

    /// <summary>Reads times in bodies by the same rule.</summary>
    internal sealed class JsonTimes : JsonConverter<DateTimeOffset>
    {
        public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.String && TryParse(reader.GetString(), null, out var time)
                ? time.Value
                : throw new JsonException(null, new IsoTimeException());

        public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value);
    }
}

/// <summary>Thrown for a time that does not match <see cref="IsoTime.Expected"/>.</summary>
public sealed class IsoTimeException() : FormatException(IsoTime.Expected);
