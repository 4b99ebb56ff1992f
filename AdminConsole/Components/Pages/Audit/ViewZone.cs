using System.Globalization;
using AdminConsole.Components.Controls;
using Microsoft.JSInterop;

namespace AdminConsole.Components.Pages.Audit;

/// <summary>The time zone that times are shown in: the browser's, or UTC.</summary>
public sealed record ViewZone(TimeZoneInfo Local, bool IsUtc)
{
    private const string Exactly = "yyyy-MM-dd HH:mm:ss";

    /// <summary>Until the browser has told its zone.</summary>
    public static readonly ViewZone Utc = new(TimeZoneInfo.Utc, IsUtc: true);

    public TimeZoneInfo Shown => IsUtc ? TimeZoneInfo.Utc : Local;

    /// <summary>The name of the zone beside a time.</summary>
    public string Name => IsUtc ? "UTC" : "local time";

    /// <summary>Asks the browser for its zone. A zone that this machine does not know is taken by its present distance
    /// from UTC.</summary>
    public static async Task<TimeZoneInfo> LocalAsync(IJSRuntime script)
    {
        var told = await script.InvokeAsync<BrowserZone>("console_.zone");
        return TimeZoneInfo.TryFindSystemTimeZoneById(told.Name ?? "", out var known)
            ? known
            : TimeZoneInfo.CreateCustomTimeZone("browser", TimeSpan.FromMinutes(told.Minutes), "Local time", "Local time");
    }

    public DateTime Of(DateTimeOffset at) => TimeZoneInfo.ConvertTime(at, Shown).DateTime;

    /// <summary>The moment that a clock in this zone shows as <paramref name="text"/>; null where it is no
    /// time.</summary>
    public DateTimeOffset? Read(string? text)
    {
        if (!DateTime.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out var time))
        {
            return null;
        }

        var local = DateTime.SpecifyKind(time, DateTimeKind.Unspecified);
        // At the ends of the calendar, the offset of the zone can lead beyond it.
        var ticks = local.Ticks - Shown.GetUtcOffset(local).Ticks;
        return ticks < DateTime.MinValue.Ticks || ticks > DateTime.MaxValue.Ticks ? null : new DateTimeOffset(ticks, TimeSpan.Zero);
    }

    /// <summary>As a <c>datetime-local</c> input takes it.</summary>
    public string? Write(DateTimeOffset? at) =>
        at is { } given ? Of(given).ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture) : null;

    /// <summary>To the second, with the zone.</summary>
    public string Exact(DateTimeOffset at) => $"{Of(at).ToString(Exactly, CultureInfo.InvariantCulture)} {Offset(at)}";

    /// <summary>To the minute, for a line.</summary>
    public string Minute(DateTimeOffset at) =>
        $"{Of(at).ToString("d MMM yyyy, HH:mm", CultureInfo.InvariantCulture)}{(IsUtc ? " UTC" : "")}";

    /// <summary>The day alone.</summary>
    public string Day(DateTimeOffset at) => Of(at).ToString("ddd, d MMM yyyy", CultureInfo.InvariantCulture);

    /// <summary>Relative within a day; a date and time beyond.</summary>
    public string Brief(DateTimeOffset at, DateTimeOffset now) =>
        (now - at).Duration() < TimeSpan.FromDays(1)
            ? RelativeTime.Describe(at, now)
            : Of(at).ToString(Of(at).Year == Of(now).Year ? "d MMM, HH:mm" : "d MMM yyyy, HH:mm", CultureInfo.InvariantCulture);

    /// <summary>The exact time in both zones, for a hover.</summary>
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
