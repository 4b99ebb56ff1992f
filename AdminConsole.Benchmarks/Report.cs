using System.Globalization;

namespace AdminConsole.Benchmarks;

/// <summary>The table of ratios, here and in docs/performance.md.</summary>
internal static class Report
{
    private const string Begin = "<!-- bench: begin -->";
    private const string End = "<!-- bench: end -->";

    private static readonly (string Row, string Measured, string Yardstick, double Target)[] Rows =
    [
        ("GET `/api/auth/me` with a personal access token", "me", "static", 0.9),
        ("the same", "me", "floor", 1.9),
        ("GET `/api/auth/me` with an access token (JWT)", "jwt", "static", 0.6),
        ("POST `/oauth/introspect`", "introspect", "static POST", 0.7),
        ("page of 50 of 10,000 users", "users", "page", 0.6),
    ];

    /// <summary>Medians, and the median of the ratios within each round.</summary>
    public static string Table(IReadOnlyDictionary<string, List<double>> measured)
    {
        var lines = new List<string> { "| work | requests/s | yardstick | requests/s | ratio (lowest–highest) | target |", "|---|---|---|---|---|---|" };
        foreach (var (row, name, yardstick, target) in Rows)
        {
            var ratios = measured[name].Zip(measured[yardstick], (mine, other) => mine / other).ToList();
            lines.Add(string.Create(CultureInfo.InvariantCulture,
                $"| {row} | {Median(measured[name]):N0} | {yardstick} | {Median(measured[yardstick]):N0} | **{Median(ratios):0.00}** ({ratios.Min():0.00}–{ratios.Max():0.00}) | ≥ {target:0.0} |"));
        }

        lines.Add("");
        lines.Add(string.Create(CultureInfo.InvariantCulture,
            $"*bare*: {Median(measured["bare"]):N0} requests/s. {measured["me"].Count} rounds of 4 s each, wrk with 32 connections on the same {Environment.ProcessorCount} cores; medians."));
        return string.Join('\n', lines);
    }

    public static void Write(string table)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "AdminConsole.sln")))
        {
            folder = folder.Parent;
        }

        var file = Path.Combine(folder!.FullName, "docs", "performance.md");
        var text = File.ReadAllText(file);
        var (begin, end) = (text.IndexOf(Begin, StringComparison.Ordinal), text.IndexOf(End, StringComparison.Ordinal));
        File.WriteAllText(file, text[..(begin + Begin.Length)] + "\n" + table + "\n" + text[end..]);
    }

    private static double Median(List<double> values)
    {
        var sorted = values.Order().ToList();
        return (sorted[(sorted.Count - 1) / 2] + sorted[sorted.Count / 2]) / 2;
    }
}
