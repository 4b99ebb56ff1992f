using System.Globalization;

namespace AdminConsole.Components.Pages.SystemPages;

/// <summary>Amounts as people read them.</summary>
public static class Format
{
    /// <summary>Shown where something could not be read.</summary>
    public const string Unknown = "Unknown";

    private static readonly string[] Units = ["bytes", "KiB", "MiB", "GiB", "TiB"];

    /// <summary>In the largest unit of which there is at least one; three digits at most.</summary>
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
