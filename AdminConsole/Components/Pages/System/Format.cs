using System.Globalization;

namespace AdminConsole.Components.Pages.SystemPages;

/// <summary>Formats amounts for display.</summary>
public static class Format
{
    /// <summary>The text for an unavailable value.</summary>
    public const string Unknown = "Unknown";

    private static readonly string[] Units = ["bytes", "KiB", "MiB", "GiB", "TiB"];

    /// <summary>Formats bytes in the largest unit with an amount of at least one, with up to three digits.</summary>
    public static string Bytes(long? bytes)
    {
        if (bytes is not { } count)
        {
            return Unknown;
        }

        var (amount, unit) = ((double)count, 0);
        for (; amount >= 1024 && unit < Units.Length - 1; unit++)
        {
            amount /= 1024;
        }

        return $"{amount.ToString(unit > 0 && amount < 10 ? "0.0" : "0", CultureInfo.InvariantCulture)} {Units[unit]}";
    }

    public static string Milliseconds(double? milliseconds) =>
        milliseconds switch
        {
            null => "–",
            >= 1000 => $"{(milliseconds.Value / 1000).ToString("0.0", CultureInfo.InvariantCulture)} s",
            >= 10 => $"{milliseconds.Value.ToString("0", CultureInfo.InvariantCulture)} ms",
            _ => $"{milliseconds.Value.ToString("0.0", CultureInfo.InvariantCulture)} ms",
        };
}
