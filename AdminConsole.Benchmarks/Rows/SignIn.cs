using System.Diagnostics;
using AdminConsole.Core.Identity.Passwords;
using Microsoft.Extensions.Logging.Abstractions;

namespace AdminConsole.Benchmarks.Rows;

/// <summary>Measures the share of password hashing in a sign-in, and the effect of a burst of sign-ins on other
/// requests.</summary>
internal static class SignIn
{
    private const int Clients = 8;
    private const int Times = 200;

    public static async Task<string> MeasureAsync(Plan plan)
    {
        using var folder = new TemporaryFolder();
        await using var console = await Child.ConsoleAsync(folder.Path);
        using var administrator = await Administrator.SetUpAsync(console);
        using var http = await administrator.WithTokenAsync("profile.read");
        // Warms up the just-in-time compiler.
        await SignInAsync(console, Times * 2);
        var quiet = await OthersAsync(http, Task.Delay(TimeSpan.FromSeconds(3)));

        var cpu = console.Cpu;
        await SignInAsync(console, Times);
        var each = (console.Cpu - cpu) / Times;
        var hash = await HashAsync();

        var stormy = await OthersAsync(http, SignInAsync(console, Times));
        return $"""
            | work | | target |
            |---|---|---|
            | processor time of a sign-in | {each.TotalMilliseconds:N1} ms | |
            | of which password verification (Argon2id, 19 MiB, 2 passes) | {hash.TotalMilliseconds:N1} ms: **{hash / each:P0}** | ≥ 90 % |
            | `GET /api/auth/me` by other callers: median / 95th percentile / slowest, ms | {quiet.Spread()} | |
            | the same during continuous sign-ins by {Clients} clients | {stormy.Spread()} | |

            {Times} sign-ins, {Clients} at a time. Password verification is timed in a separate, otherwise idle process.
            {Report.Machine}
            """;
    }

    private static Task SignInAsync(Child console, int times) =>
        Parallel.ForAsync(
            0,
            times,
            new ParallelOptions { MaxDegreeOfParallelism = Clients },
            async (_, _) =>
            {
                using var browser = await Administrator.SignInAsync(console.Url);
            }
        );

    private static async Task<TimeSpan> HashAsync()
    {
        using var hashing = new PasswordHashing(NullLogger<PasswordHashing>.Instance);
        var hash = (await hashing.HashAsync(Administrator.Password)).Value;
        await hashing.VerifyAsync(Administrator.Password, hash);
        var cpu = Process.GetCurrentProcess().TotalProcessorTime;
        for (var time = 0; time < Times / 4; time++)
        {
            await hashing.VerifyAsync(Administrator.Password, hash);
        }

        return (Process.GetCurrentProcess().TotalProcessorTime - cpu) / (Times / 4);
    }

    private static async Task<List<double>> OthersAsync(HttpClient http, Task meanwhile)
    {
        var times = new List<double>();
        while (!meanwhile.IsCompleted)
        {
            var began = Stopwatch.GetTimestamp();
            (await http.GetAsync("/api/auth/me")).EnsureSuccessStatusCode().Dispose();
            times.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            await Task.Delay(1);
        }

        await meanwhile;
        return times;
    }
}
