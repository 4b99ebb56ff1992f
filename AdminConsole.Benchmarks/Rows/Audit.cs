using System.Diagnostics;
using System.Text.Json;

namespace AdminConsole.Benchmarks.Rows;

/// <summary>Measures pages of a very long audit log and its verification.</summary>
internal static class Audit
{
    private const int Times = 60;
    private const int Verifications = 3;

    private static readonly (string Name, Func<JsonElement, string?> Query)[] Kinds =
    [
        ("first page", _ => ""),
        ("deep page", entry => $"before={entry.GetProperty("id")}"),
        ("action", entry => $"action={entry.GetProperty("action")}"),
        ("actor", entry => Named("actor", entry.GetProperty("actor"), "id")),
        ("target", entry => Named("target", entry.GetProperty("target"), "id")),
        ("session", entry => Named("session", entry, "sessionId")),
        ("request", entry => Named("request", entry, "requestId")),
        ("address", entry => Named("ip", entry, "ip")),
        ("an hour", entry => $"from={Around(entry, -0.5)}&to={Around(entry, 0.5)}"),
        ("action, deep", entry => $"action={entry.GetProperty("action")}&before={entry.GetProperty("id")}"),
    ];

    public static async Task<string> MeasureAsync(Plan plan)
    {
        var measured = await Large.OnEachAsync(plan, MeasureAsync);
        var lines = new List<string>
        {
            $"| {plan.Users + plan.Events:N0} events: median / 95th percentile / slowest, ms; 95th percentile of the "
                + $"first runs | {string.Join(" | ", measured.Select(each => each.Database))} | target |",
            $"|---|{string.Concat(measured.Select(_ => "---|"))}---|",
        };
        lines.AddRange(
            Kinds.Select(kind =>
                $"| {kind.Name} | "
                + string.Join(
                    " | ",
                    measured
                        .Select(each => each.Measured.Pages[kind.Name])
                        .Select(page => $"{page.Warm.Spread()}; {page.Cold.Share(0.95):N0}")
                )
                + " | ≤ 30 ms |"
            )
        );
        lines.Add(
            $"| verify, events/s: median of {Verifications} | "
                + $"{string.Join(" | ", measured.Select(each => $"**{each.Measured.Verified.Median():N0}**"))} | ≥ 500,000 |"
        );
        lines.Add("");
        lines.Add(
            $"`GET /api/audit` with 50 events per page. Each filter runs {Times} times, with the values of random\n"
                + "events, one after the other. Each request is sent twice, because the first run reads much from disk.\n"
                + Report.Machine
        );
        return string.Join('\n', lines);
    }

    private static async Task<(Dictionary<string, (List<double> Warm, List<double> Cold)> Pages, List<double> Verified)> MeasureAsync(
        Large console
    )
    {
        var samples = await SamplesAsync(console, new Random(42));
        var pages = new Dictionary<string, (List<double> Warm, List<double> Cold)>();
        foreach (var (name, query) in Kinds)
        {
            var queries = samples.Select(query).OfType<string>().Take(Times + 1).ToList();
            var (cold, warm) = (new List<double>(), new List<double>());
            foreach (var asked in queries)
            {
                cold.Add(await console.TimeAsync($"/api/audit?limit=50&{asked}"));
                warm.Add(await console.TimeAsync($"/api/audit?limit=50&{asked}"));
            }

            // The first request warms up the just-in-time compiler.
            pages[name] = (warm[1..], cold[1..]);
        }

        var verified = new List<double>();
        for (var round = 0; round < Verifications; round++)
        {
            var began = Stopwatch.GetTimestamp();
            var answer = await console.Http.GetFromJsonAsync<JsonElement>("/api/audit/verify");
            verified.Add(answer.GetProperty("events").GetDouble() / Stopwatch.GetElapsedTime(began).TotalSeconds);
        }

        return (pages, verified);
    }

    private static async Task<List<JsonElement>> SamplesAsync(Large console, Random random)
    {
        var newest = (await console.Http.GetFromJsonAsync<JsonElement>("/api/audit?limit=1"))
            .GetProperty("items")[0]
            .GetProperty("id")
            .GetInt64();
        var samples = new List<JsonElement>();
        while (samples.Count < Times * 4)
        {
            samples.Add(await console.Http.GetFromJsonAsync<JsonElement>($"/api/audit/{random.NextInt64(1, newest)}"));
        }

        return samples;
    }

    private static string? Named(string filter, JsonElement of, string property) =>
        of.ValueKind == JsonValueKind.Object && of.TryGetProperty(property, out var value) && value.ValueKind == JsonValueKind.String
            ? $"{filter}={Uri.EscapeDataString(value.GetString()!)}"
            : null;

    private static string Around(JsonElement entry, double hours) =>
        Uri.EscapeDataString(entry.GetProperty("at").GetDateTimeOffset().AddHours(hours).ToString("O"));
}
