using System.Globalization;
using AdminConsole.Components.Controls;
using Microsoft.JSInterop;

namespace AdminConsole.Components.Pages.Audit;

/// <summary>The time zone in which times are shown: the browser's, or UTC.</summary>
public sealed record ViewZone(TimeZoneInfo Local, bool IsUtc)
{
    private const string ExactFormat = "yyyy-MM-dd HH:mm:ss";

    /// <summary>The zone until the browser has reported its own.</summary>
    public static readonly ViewZone Utc = new(TimeZoneInfo.Utc, IsUtc: true);

    public TimeZoneInfo Shown => IsUtc ? TimeZoneInfo.Utc : Local;

    /// <summary>The name of the zone, shown next to a time.</summary>
    public string Name => IsUtc ? "UTC" : "local time";

    /// <summary>Queries the browser's time zone. A zone that this server doesn't know is replaced by its current offset
    /// from UTC.</summary>
    public static async Task<TimeZoneInfo> LocalAsync(IJSRuntime script)
    {
        var browser = await script.InvokeAsync<BrowserZone>("console_.zone");
        return TimeZoneInfo.TryFindSystemTimeZoneById(browser.Name ?? "", out var known)
            ? known
            : TimeZoneInfo.CreateCustomTimeZone("browser", TimeSpan.FromMinutes(browser.Minutes), "Local time", "Local time");
    }

    public DateTime Of(DateTimeOffset at) => TimeZoneInfo.ConvertTime(at, Shown).DateTime;

    /// <summary>Converts <paramref name="text"/>, a local time in this zone; null if it isn't a valid time.</summary>
    public DateTimeOffset? Read(string? text)
    {
        if (!DateTime.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out var time))
        {
            return null;
        }

        var local = DateTime.SpecifyKind(time, DateTimeKind.Unspecified);
        // Near the limits of DateTime, the offset can exceed its range.
        var ticks = local.Ticks - Shown.GetUtcOffset(local).Ticks;
        return ticks < DateTime.MinValue.Ticks || ticks > DateTime.MaxValue.Ticks ? null : new DateTimeOffset(ticks, TimeSpan.Zero);
    }

    /// <summary>Formats a time for a <c>datetime-local</c> input.</summary>
    public string? Write(DateTimeOffset? at) =>
        at is { } given ? Of(given).ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture) : null;

    /// <summary>Formats a time to the second, with its offset.</summary>
    public string Exact(DateTimeOffset at) => $"{Of(at).ToString(ExactFormat, CultureInfo.InvariantCulture)} {Offset(at)}";

    /// <summary>Formats a time to the minute.</summary>
    public string Minute(DateTimeOffset at) =>
        $"{Of(at).ToString("d MMM yyyy, HH:mm", CultureInfo.InvariantCulture)}{(IsUtc ? " UTC" : "")}";

    /// <summary>Formats the day only.</summary>
    public string Day(DateTimeOffset at) => Of(at).ToString("ddd, d MMM yyyy", CultureInfo.InvariantCulture);

    /// <summary>Formats a time relative to now if it is within a day; otherwise as date and time.</summary>
    public string Brief(DateTimeOffset at, DateTimeOffset now) =>
        (now - at).Duration() < TimeSpan.FromDays(1)
            ? RelativeTime.Describe(at, now)
            : Of(at).ToString(Of(at).Year == Of(now).Year ? "d MMM, HH:mm" : "d MMM yyyy, HH:mm", CultureInfo.InvariantCulture);

    /// <summary>Formats the exact time in both zones, for a tooltip.</summary>
    public string Both(DateTimeOffset at) =>
        Local.GetUtcOffset(at) == TimeSpan.Zero ? Utc.Exact(at) : $"{(this with { IsUtc = false }).Exact(at)}\n{Utc.Exact(at)}";

    private string Offset(DateTimeOffset at)
    {
        var offset = Shown.GetUtcOffset(at);
        return offset == TimeSpan.Zero
            ? "UTC"
            : $"UTC{(offset < TimeSpan.Zero ? '-' : '+')}{offset.Duration().ToString("hh\\:mm", CultureInfo.InvariantCulture)}";
    }

    private sealed record BrowserZone(string? Name, int Minutes);
}
