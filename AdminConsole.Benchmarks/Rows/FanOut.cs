using System.Diagnostics;
using AdminConsole.Benchmarks.Circuits;

namespace AdminConsole.Benchmarks.Rows;

/// <summary>Measures the time from a change through the API until each open Users page receives it, and the database
/// queries it causes.</summary>
internal static class FanOut
{
    private const int Sessions = 50;
    private const int ChangesARound = 6;

    // The first repetitions warm up the just-in-time compiler.
    private const int WarmUp = 10;

    public static async Task<string> MeasureAsync(Plan plan)
    {
        using var folder = new TemporaryFolder();
        await using var console = await Child.ConsoleAsync(folder.Path);
        using var administrator = await Administrator.SetUpAsync(console);
        var browsers = await Administrator.SignInAsync(console.Url, Sessions);
        var person = await administrator.IdOfAsync(Administrator.First);
        var sets = new Dictionary<int, Dictionary<string, Measured>>();
        foreach (var pages in new[] { 1, plan.Pages })
        {
            await using var crowd = await OpenPages.OpenAsync(browsers, "/users", Administrator.First, pages);
            sets[pages] = new()
            {
                ["a user renamed"] = await RepeatAsync(
                    console,
                    administrator,
                    crowd,
                    plan,
                    async text =>
                    {
                        await administrator.SendAsync(HttpMethod.Patch, $"/api/users/{person}", new { displayName = text });
                        return null;
                    }
                ),
                ["a user created, first in the list"] = await RepeatAsync(
                    console,
                    administrator,
                    crowd,
                    plan,
                    async text =>
                    {
                        var created = await administrator.SendAsync(
                            HttpMethod.Post,
                            "/api/users",
                            new { email = $"a-{text}@example.com", displayName = text }
                        );
                        return $"/api/users/{created.GetProperty("id").GetString()}";
                    }
                ),
                ["a role created"] = await RepeatAsync(
                    console,
                    administrator,
                    crowd,
                    plan,
                    async text =>
                    {
                        await administrator.SendAsync(
                            HttpMethod.Post,
                            "/api/roles",
                            new { name = text, permissions = Array.Empty<string>() }
                        );
                        return $"/api/roles/{text}";
                    }
                ),
            };
        }

        var lines = new List<string>
        {
            $"| change | time until {plan.Pages:N0} other open Users pages show it: median / 95th percentile / last, ms | one page | "
                + $"queries with {plan.Pages:N0} open pages | with one | target |",
            "|---|---|---|---|---|---|",
        };
        foreach (var (what, many) in sets[plan.Pages])
        {
            var one = sets[1][what];
            lines.Add($"| {what} | {many.Times.Spread()} | {one.Times.Spread()} | {many.Queries:0.#} | {one.Queries:0.#} | ≤ 200 ms |");
        }

        lines.Add("");
        lines.Add(
            $"{plan.Rounds * ChangesARound} changes each; SQLite, 10,000 users, 25 on a page, {Sessions} sessions.\n"
                + $"Times start when the request is sent.\n{Report.Machine}"
        );
        return string.Join('\n', lines);
    }

    // The change returns the address of what it created, which is deleted again.
    private static async Task<Measured> RepeatAsync(
        Child console,
        Browser administrator,
        OpenPages crowd,
        Plan plan,
        Func<string, Task<string?>> change
    )
    {
        var times = new List<double>();
        var queries = new List<double>();
        for (var number = -WarmUp; number < plan.Rounds * ChangesARound; number++)
        {
            var text = $"bench{Guid.CreateVersion7():N}";
            var before = await console.QueriesAsync();
            var seen = crowd.SeesAsync(text);
            var began = Stopwatch.GetTimestamp();
            var made = await change(text);
            var elapsed = (await seen).Since(began).ToList();
            await StillAsync(crowd);
            if (number >= 0)
            {
                times.AddRange(elapsed);
                queries.Add(await console.QueriesAsync() - before);
            }

            if (made is not null)
            {
                await administrator.SendAsync(HttpMethod.Delete, made);
                await StillAsync(crowd);
            }
        }

        return new Measured(times, queries.Median());
    }

    // Waits until no more batches arrive, so that the effects of one change do not count towards the next.
    private static async Task StillAsync(OpenPages crowd)
    {
        int Rendered() => crowd.Circuits.Sum(circuit => circuit.Batches);
        var before = -1;
        while (before != Rendered())
        {
            before = Rendered();
            await Task.Delay(500);
        }
    }

    private sealed record Measured(List<double> Times, double Queries);
}
