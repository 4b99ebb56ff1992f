using System.Globalization;
using AdminConsole.Core.Contracts;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;

namespace AdminConsole.Components.Pages.Audit;

/// <summary>The URL of the audit page: the filters, by their API names, and the position in the log.</summary>
public sealed record AuditPageState
{
    private const string OldestPlace = "oldest";

    // Long enough for the names of all actions.
    private const int MaxActionsLength = 2000;

    public AuditQuery Query { get; init; } = new();

    /// <summary>The time to show events around; null if none.</summary>
    public DateTimeOffset? At { get; init; }

    /// <summary>The event to show with its neighbors; null if none.</summary>
    public long? Event { get; init; }

    /// <summary>True to show the start of the log.</summary>
    public bool FromOldest { get; init; }

    public bool Follow { get; init; }

    /// <summary>The first invalid parameter, as name=value; null if all are valid.</summary>
    public string? Wrong { get; private init; }

    public static AuditPageState Read(string uri)
    {
        var given = QueryHelpers.ParseQuery(
            new Uri(uri, UriKind.RelativeOrAbsolute) is { IsAbsoluteUri: true } absolute ? absolute.Query : uri
        );
        string? wrong = null;
        string? Whole(string name) =>
            given.TryGetValue(name, out var value) && !StringValues.IsNullOrEmpty(value)
                ? value.ToString().Replace("\0", "", StringComparison.Ordinal)
                : null;
        string? Text(string name) => Cut(Whole(name), Limits.Search);
        T? Value<T>(string name, Func<string, T?> parse)
            where T : struct
        {
            var value = Text(name) is { } text ? parse(text) : null;
            wrong ??= value is null && Text(name) is { } odd ? $"{name}={odd}" : null;
            return value;
        }

        var at = Text("at");
        var address = new AuditPageState
        {
            Query = new AuditQuery
            {
                Action = Cut(Whole("action"), MaxActionsLength),
                Actor = Text("actor"),
                Target = Text("target"),
                Request = Text("request"),
                Ip = Text("ip"),
                Search = Text("search"),
                Session = Value("session", Id),
                Batch = Value("batch", Id),
                From = Value("from", Time),
                To = Value("to", Time),
            },
            At = at == OldestPlace ? null : Value("at", Time),
            Event = Value("event", Number),
            FromOldest = at == OldestPlace,
            Follow = Text("follow") is not null,
        };
        return address with { Wrong = wrong };
    }

    public string ToUrl() =>
        Urls.Audit
        + Filters(Query)
            .AddGiven(
                "at",
                FromOldest ? OldestPlace
                    : At is { } at ? Written(at)
                    : null
            )
            .AddGiven("event", Event?.ToString(CultureInfo.InvariantCulture))
            .AddGiven("follow", Follow ? "1" : null);

    /// <summary>Returns the URL of the newest events that match the filters.</summary>
    public static string UrlOf(AuditQuery query) => new AuditPageState { Query = query }.ToUrl();

    /// <summary>Returns the URL of the events around an event.</summary>
    public static string UrlOf(long id) => new AuditPageState { Event = id }.ToUrl();

    /// <summary>Returns the filters as a query string, which the API accepts, too.</summary>
    public static QueryString Filters(AuditQuery query) =>
        QueryString
            .Empty.AddGiven("action", query.Action)
            .AddGiven("actor", query.Actor)
            .AddGiven("target", query.Target)
            .AddGiven("session", query.Session?.ToString())
            .AddGiven("request", query.Request)
            .AddGiven("batch", query.Batch?.ToString())
            .AddGiven("ip", query.Ip)
            .AddGiven("from", query.From is { } since ? Written(since) : null)
            .AddGiven("to", query.To is { } until ? Written(until) : null)
            .AddGiven("search", query.Search);

    /// <summary>Parses a time; null if it is invalid. Input fields omit the time zone, which means UTC.</summary>
    public static DateTimeOffset? Time(string text) =>
        DateTimeOffset.TryParse(
            text,
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
            out var time
        )
            ? time
            : null;

    private static string Written(DateTimeOffset time) =>
        time.UtcDateTime.ToString(
            time.Ticks % TimeSpan.TicksPerSecond == 0 ? "yyyy-MM-dd'T'HH:mm:ss'Z'" : "O",
            CultureInfo.InvariantCulture
        );

    private static Guid? Id(string text) => Guid.TryParse(text, out var id) ? id : null;

    private static long? Number(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static string? Cut(string? text, int length) => text?.Length > length ? text[..length] : text;
}
