using System.Diagnostics;

namespace AdminConsole.Benchmarks.Rows;

/// <summary>Measures requests per second beside the minimal equivalent. The load comes from wrk, which is a separate
/// process.</summary>
internal static class Requests
{
    private static readonly string[] Scopes = ["profile.read", "users.read", "tokens.read"];

    private static readonly (string Row, string Measured, string Yardstick, double Target)[] Lines =
    [
        ("GET `/api/auth/me` with a personal access token", "me", "static", 0.9),
        ("the same", "me", "floor", 1.9),
        ("GET `/api/auth/me` with an access token (JWT)", "jwt", "static", 0.6),
        ("POST `/oauth/introspect`", "introspect", "static POST", 0.7),
        ("page of 50 of 10,000 users", "users", "page", 0.6),
    ];

    /// <summary>Measures every kind once per round, so that other load on the machine affects all of them
    /// alike.</summary>
    public static async Task<string> MeasureAsync(Plan plan)
    {
        using var temporary = new TemporaryFolder();
        var folder = temporary.Path;
        await using var console = await Child.ConsoleAsync(folder);
        using var browser = await Administrator.SetUpAsync(console);
        var token = await browser.CreateTokenAsync(Scopes);
        // The access token is valid for 15 minutes, longer than a dozen rounds.
        var connected = await browser.SendAsync(
            HttpMethod.Post,
            "/api/auth/token",
            new
            {
                login = Administrator.Email,
                password = Administrator.Password,
                deviceName = "bench",
            }
        );
        var accessToken = connected.GetProperty("access_token").GetString()!;
        await using var bare = await Child.YardstickAsync(folder, "bare", token);
        await using var fixedAnswer = await Child.YardstickAsync(folder, "static", token);
        await using var floor = await Child.YardstickAsync(folder, "floor", token);
        await using var page = await Child.YardstickAsync(folder, "page", token);
        var introspect = Path.Combine(folder, "introspect.lua");
        await File.WriteAllTextAsync(
            introspect,
            $"wrk.method = 'POST'\nwrk.body = 'token={token}'\nwrk.headers['Content-Type'] = 'application/x-www-form-urlencoded'\n"
        );
        (string Name, string Url, string? Script, string Bearer)[] targets =
        [
            ("bare", bare.Url, null, token),
            ("static", fixedAnswer.Url, null, token),
            ("floor", floor.Url, null, token),
            ("page", page.Url, null, token),
            ("static POST", fixedAnswer.Url, introspect, token),
            ("me", $"{console.Url}/api/auth/me", null, token),
            ("jwt", $"{console.Url}/api/auth/me", null, accessToken),
            ("introspect", $"{console.Url}/oauth/introspect", introspect, token),
            ("users", $"{console.Url}/api/users?limit=50", null, token),
        ];
        foreach (var target in targets)
        {
            await LoadAsync(target.Url, target.Script, 3, target.Bearer);
        }

        var measured = targets.ToDictionary(target => target.Name, _ => new List<double>());
        for (var round = 0; round < plan.Rounds; round++)
        {
            foreach (var target in targets)
            {
                measured[target.Name].Add(await LoadAsync(target.Url, target.Script, 4, target.Bearer));
            }
        }

        return Table(measured);
    }

    // Reports medians, and the median of the ratios within each round.
    private static string Table(Dictionary<string, List<double>> measured)
    {
        var lines = new List<string>
        {
            "| work | requests/s | yardstick | requests/s | ratio (lowest–highest) | target |",
            "|---|---|---|---|---|---|",
        };
        foreach (var (row, name, yardstick, target) in Lines)
        {
            var ratios = measured[name].Zip(measured[yardstick], (mine, other) => mine / other).ToList();
            lines.Add(
                $"| {row} | {measured[name].Median():N0} | {yardstick} | {measured[yardstick].Median():N0} | "
                    + $"**{ratios.Median():0.00}** ({ratios.Min():0.00}–{ratios.Max():0.00}) | ≥ {target:0.0} |"
            );
        }

        lines.Add("");
        lines.Add(
            $"*bare*: {measured["bare"].Median():N0} requests/s. {measured["me"].Count} rounds of 4 s each, wrk with 32 "
                + $"connections. Medians.\n{Report.Machine}"
        );
        return string.Join('\n', lines);
    }

    private static async Task<double> LoadAsync(string url, string? script, int seconds, string bearer)
    {
        string[] arguments =
        [
            "-t2",
            "-c32",
            $"-d{seconds}s",
            "-H",
            $"Authorization: Bearer {bearer}",
            .. script is null ? Array.Empty<string>() : ["-s", script],
            url,
        ];
        using var wrk = Process.Start(new ProcessStartInfo("wrk", arguments) { RedirectStandardOutput = true, UseShellExecute = false })!;
        var output = await wrk.StandardOutput.ReadToEndAsync();
        await wrk.WaitForExitAsync();
        if (output.Contains("Non-2xx", StringComparison.Ordinal))
        {
            throw new InvalidOperationException($"wrk got errors from {url}:\n{output}");
        }

        var line = output.Split('\n').First(text => text.StartsWith("Requests/sec:", StringComparison.Ordinal));
        return double.Parse(line["Requests/sec:".Length..]);
    }
}
