using System.Diagnostics;
using AdminConsole.Benchmarks.Circuits;

namespace AdminConsole.Benchmarks.Rows;

/// <summary>Measures the time from the start of a program to its first output: the server and the command
/// line.</summary>
internal static class Start
{
    private const int Times = 21;

    public static async Task<string> MeasureAsync(Plan plan)
    {
        using var folder = new TemporaryFolder();
        string token;
        await using (var console = await Child.ConsoleAsync(folder.Path))
        {
            using var administrator = await Administrator.SetUpAsync(console);
            token = await administrator.CreateTokenAsync("profile.read");
        }

        var (pages, bare) = (new List<double>(), new List<double>());
        for (var round = 0; round < plan.Rounds; round++)
        {
            pages.Add(await FirstAnswerAsync(() => Child.ConsoleAsync(folder.Path), "/login"));
            bare.Add(await FirstAnswerAsync(() => Child.YardstickAsync(folder.Path, "bare"), "/"));
        }

        await using var running = await Child.ConsoleAsync(folder.Path);
        var (whoami, requests) = (new List<double>(), new List<double>());
        for (var time = 0; time < Times; time++)
        {
            whoami.Add(await WhoAmIAsync(running, token));
            requests.Add(await RequestAsync(running, token));
        }

        var server = "server with 10,000 users on SQLite, to the first page";
        return $"""
            | from process start | median / 95th percentile / slowest, ms | yardstick | the same, ms | target |
            |---|---|---|---|---|
            | {server} | {pages.Spread()} | *bare*, to the first response | {bare.Spread()} | ≤ 1,500 ms |
            | `adminctl whoami` | {whoami.Spread()} | the request alone, on a new connection | {requests.Spread()} | ≤ 100 ms more |

            {plan.Rounds} starts of the server, {Child.Made}, with its files in the system's cache. {Times} runs of adminctl, as
            a single file.
            {Report.Machine}
            """;
    }

    private static async Task<double> FirstAnswerAsync(Func<Task<Child>> start, string path)
    {
        var began = Stopwatch.GetTimestamp();
        await using var child = await start();
        using var anonymous = new Browser(child.Url);
        (await anonymous.Http.GetAsync(path)).EnsureSuccessStatusCode().Dispose();
        return Stopwatch.GetElapsedTime(began).TotalMilliseconds;
    }

    private static async Task<double> WhoAmIAsync(Child console, string token)
    {
        var start = new ProcessStartInfo(Path.Combine(Path.GetDirectoryName(Child.Program)!, "cli", "adminctl-linux-x64"), ["whoami"])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
        };
        (start.Environment["ADMINCONSOLE_SERVER"], start.Environment["ADMINCONSOLE_TOKEN"]) = (console.Url, token);
        var began = Stopwatch.GetTimestamp();
        using var process = Process.Start(start)!;
        await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0
            ? Stopwatch.GetElapsedTime(began).TotalMilliseconds
            : throw new InvalidOperationException($"adminctl ended with {process.ExitCode}.");
    }

    private static async Task<double> RequestAsync(Child console, string token)
    {
        using var http = Administrator.WithToken(console.Url, token);
        var began = Stopwatch.GetTimestamp();
        (await http.GetAsync("/api/auth/me")).EnsureSuccessStatusCode().Dispose();
        return Stopwatch.GetElapsedTime(began).TotalMilliseconds;
    }
}
