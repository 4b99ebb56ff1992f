using System.Diagnostics;
using AdminConsole.Benchmarks.Circuits;
using AdminConsole.Tests;

namespace AdminConsole.Benchmarks.Rows;

/// <summary>Measures the time from the request that ends a session until its open pages are redirected, on the same
/// node and on another.</summary>
internal static class ShutOut
{
    private const int PagesOfASession = 20;

    public static async Task<string> MeasureAsync(Plan plan)
    {
        var lines = new List<string>
        {
            $"| {plan.Pages:N0} open pages of {plan.Pages / PagesOfASession} sessions, which are ended in turn | "
                + "time until a page is signed out: median / 95th percentile / last, ms | target |",
            "|---|---|---|",
        };
        using var embedded = new TemporaryFolder();
        await using (var console = await Child.ConsoleAsync(embedded.Path))
        {
            using var administrator = await Administrator.SetUpAsync(console);
            lines.Add($"| SQLite | {(await EndEachAsync(administrator, console.Url, plan)).Spread()} | ≤ 250 ms |");
            lines.Add($"| SQLite, all pages of one session at once | {(await EndOneAsync(administrator, console.Url, plan)).Spread()} | |");
        }

        using var first = new TemporaryFolder();
        using var second = new TemporaryFolder();
        (string, string)[] database =
        [
            ("Database__Provider", "PostgreSQL"),
            ("ConnectionStrings__Console", await PostgresServer.CreateDatabaseAsync()),
        ];
        await using (var one = await Child.ConsoleAsync(first.Path, database))
        {
            using var administrator = await Administrator.SetUpAsync(one);
            await using var other = await Child.ConsoleAsync(second.Path, database);
            lines.Add(
                "| PostgreSQL, two nodes: pages on the node that ends the session | "
                    + $"{(await EndEachAsync(administrator, one.Url, plan)).Spread()} | ≤ 250 ms |"
            );
            lines.Add($"| pages on the other node | {(await EndEachAsync(administrator, other.Url, plan)).Spread()} | ≤ 500 ms |");
        }

        lines.Add("");
        lines.Add($"Times start when the request is sent.\n{Report.Machine}");
        return string.Join('\n', lines);
    }

    private static async Task<List<double>> EndEachAsync(Browser administrator, string node, Plan plan)
    {
        var sessions = new List<(OpenPages Pages, string Id)>();
        // One extra session warms up the just-in-time compiler.
        for (var number = 0; number <= plan.Pages / PagesOfASession; number++)
        {
            sessions.Add(await OpenAsync(administrator, node, PagesOfASession));
        }

        await EndAsync(administrator, sessions[0]);
        var times = new List<double>();
        foreach (var session in sessions[1..])
        {
            times.AddRange(await EndAsync(administrator, session));
        }

        return times;
    }

    private static async Task<List<double>> EndOneAsync(Browser administrator, string node, Plan plan) =>
        await EndAsync(administrator, await OpenAsync(administrator, node, plan.Pages));

    private static async Task<(OpenPages Pages, string Id)> OpenAsync(Browser administrator, string node, int pages)
    {
        var browser = await Administrator.SignInAsync(node);
        var own = (await administrator.SendAsync(HttpMethod.Get, "/api/sessions")).GetProperty("items").EnumerateArray();
        var newest = own.MaxBy(session => session.GetProperty("createdAt").GetDateTimeOffset()).GetProperty("id").GetString()!;
        return (await OpenPages.OpenAsync([browser], "/users", Administrator.First, pages), newest);
    }

    private static async Task<List<double>> EndAsync(Browser administrator, (OpenPages Pages, string Id) session)
    {
        var began = Stopwatch.GetTimestamp();
        await administrator.SendAsync(HttpMethod.Delete, $"/api/sessions/{session.Id}");
        var ended = await Task.WhenAll(session.Pages.Circuits.Select(circuit => circuit.ShutOut)).WaitAsync(TimeSpan.FromMinutes(1));
        await session.Pages.DisposeAsync();
        return [.. ended.Since(began)];
    }
}
