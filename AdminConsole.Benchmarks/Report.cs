using System.Diagnostics;

namespace AdminConsole.Benchmarks;

/// <summary>Writes measurements into the tables of docs/performance.md. Each row has its own section, so that it can be
/// measured again without the others.</summary>
internal static class Report
{
    public static void Write(string row, string table)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "AdminConsole.sln")))
        {
            folder = folder.Parent;
        }

        var file = Path.Combine(folder!.FullName, "docs", "performance.md");
        var text = File.ReadAllText(file);
        var place = $"<!-- bench {row}: begin -->";
        var begin = text.IndexOf(place, StringComparison.Ordinal) + place.Length;
        var end = text.IndexOf($"<!-- bench {row}: end -->", StringComparison.Ordinal);
        if (begin < place.Length || end < begin)
        {
            throw new InvalidOperationException($"{file} has no section for '{row}'.");
        }

        File.WriteAllText(file, $"{text[..begin]}\n{table}\n{text[end..]}");
    }

    public static double Median(this IEnumerable<double> values) => values.Share(0.5);

    /// <summary>Returns the quantile of the values: the value below which this share of them lies.</summary>
    public static double Share(this IEnumerable<double> values, double share)
    {
        var sorted = values.Order().ToList();
        var place = share * (sorted.Count - 1);
        var (low, high) = (sorted[(int)Math.Floor(place)], sorted[(int)Math.Ceiling(place)]);
        return low + ((high - low) * (place - Math.Floor(place)));
    }

    /// <summary>Formats median, 95th percentile and maximum.</summary>
    public static string Spread(this IReadOnlyCollection<double> values) =>
        $"{values.Median():N0} / **{values.Share(0.95):N0}** / {values.Max():N0}";

    /// <summary>Returns the milliseconds from one timestamp to others.</summary>
    public static IEnumerable<double> Since(this IEnumerable<long> timestamps, long began) =>
        timestamps.Select(timestamp => Stopwatch.GetElapsedTime(began, timestamp).TotalMilliseconds);

    /// <summary>Describes the machine, for the line below a table.</summary>
    public static string Machine =>
        $"{Environment.ProcessorCount} cores, shared with the clients. "
        + $"Load average at the end: {File.ReadAllText("/proc/loadavg").Split(' ')[0]}.";
}
