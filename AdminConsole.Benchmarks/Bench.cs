using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace AdminConsole.Benchmarks;

/// <summary>The server and its yardsticks, each a process, with 10,000 users and one token; load comes from wrk, a process too.</summary>
internal sealed class Bench : IAsyncDisposable
{
    private const int FirstPort = 5335;
    private const string Password = "correct horse battery 1";

    private static readonly string[] Scopes = ["profile.read", "users.read", "tokens.read"];

    private static readonly string[] Names = ["bare", "static", "floor", "page"];

    private readonly string folder = Directory.CreateTempSubdirectory("adminconsole-bench-").FullName;
    private readonly List<Process> processes = [];
    private string token = "";
    private string accessToken = "";

    private static string ServerUrl => $"http://127.0.0.1:{FirstPort - 1}";

    public static async Task<Bench> StartAsync()
    {
        var bench = new Bench();
        var configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;
        var server = Path.GetFullPath($"../../../../AdminConsole/bin/{configuration}/net10.0/AdminConsole.dll", AppContext.BaseDirectory);
        bench.Run([server], ("ASPNETCORE_ENVIRONMENT", "Production"), ("Urls", ServerUrl), ("PublicUrl", ServerUrl), ("DataDirectory", bench.folder), ("Cookies__Secure", "false"));
        await bench.SeedAsync();
        var self = typeof(Bench).Assembly.Location;
        for (var index = 0; index < Names.Length; index++)
        {
            bench.Run([self, "yardstick", Names[index], Url(index), Path.Combine(bench.folder, "console.db"), bench.token], ("ASPNETCORE_ENVIRONMENT", "Production"));
            await AnswersAsync(Url(index));
        }

        return bench;
    }

    /// <summary>Every row of the table once a round, one after the other, so that what else the machine does falls on all alike.</summary>
    public async Task<string> MeasureAsync(int rounds)
    {
        var introspect = Path.Combine(folder, "introspect.lua");
        await File.WriteAllTextAsync(introspect, $"wrk.method = 'POST'\nwrk.body = 'token={token}'\nwrk.headers['Content-Type'] = 'application/x-www-form-urlencoded'\n");
        (string Name, string Url, string? Script, string Bearer)[] targets =
        [
            ("bare", Url(0), null, token), ("static", Url(1), null, token), ("floor", Url(2), null, token), ("page", Url(3), null, token), ("static POST", Url(1), introspect, token),
            ("me", $"{ServerUrl}/api/auth/me", null, token), ("jwt", $"{ServerUrl}/api/auth/me", null, accessToken),
            ("introspect", $"{ServerUrl}/oauth/introspect", introspect, token), ("users", $"{ServerUrl}/api/users?limit=50", null, token),
        ];
        foreach (var target in targets)
        {
            await LoadAsync(target.Url, target.Script, 3, target.Bearer);
        }

        var measured = targets.ToDictionary(target => target.Name, _ => new List<double>());
        for (var round = 0; round < rounds; round++)
        {
            foreach (var target in targets)
            {
                measured[target.Name].Add(await LoadAsync(target.Url, target.Script, 4, target.Bearer));
            }
        }

        return Report.Table(measured);
    }

    public ValueTask DisposeAsync()
    {
        foreach (var process in processes)
        {
            process.Kill();
            process.WaitForExit();
            process.Dispose();
        }

        Directory.Delete(folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    private static string Url(int index) => $"http://127.0.0.1:{FirstPort + index}";

    private void Run(string[] arguments, params (string Key, string Value)[] environment)
    {
        var start = new ProcessStartInfo("dotnet", arguments) { UseShellExecute = false, WorkingDirectory = folder, RedirectStandardOutput = true };
        foreach (var (key, value) in environment)
        {
            start.Environment[key] = value;
        }

        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        processes.Add(process);
    }

    // The first administrator, 9,999 others, a token, and an access token, which lasts 15 minutes: longer than a dozen rounds.
    private async Task SeedAsync()
    {
        await AnswersAsync($"{ServerUrl}/health/live");
        using var http = new HttpClient { BaseAddress = new Uri(ServerUrl) };
        (await http.PostAsJsonAsync("/api/auth/setup", new { email = "root@example.com", password = Password })).EnsureSuccessStatusCode();
        var csv = new StringBuilder("email,displayName\n");
        for (var number = 1; number < 10_000; number++)
        {
            csv.Append(System.Globalization.CultureInfo.InvariantCulture, $"person{number:00000}@example.com,Person {number}\n");
        }

        (await http.PostAsync("/api/users/import", new StringContent(csv.ToString(), Encoding.UTF8, new MediaTypeHeaderValue("text/csv")))).EnsureSuccessStatusCode();
        var created = await http.PostAsJsonAsync("/api/tokens", new { name = "bench", scopes = Scopes });
        var connected = await http.PostAsJsonAsync("/api/auth/token", new { login = "root@example.com", password = Password, deviceName = "bench" });
        accessToken = (await connected.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>()).GetProperty("access_token").GetString()!;
        token = (await created.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>()).GetProperty("token").GetString()!;
    }

    private static async Task AnswersAsync(string url)
    {
        using var http = new HttpClient();
        for (var patience = Stopwatch.StartNew(); ;)
        {
            try
            {
                await http.GetAsync(url);
                return;
            }
            catch (HttpRequestException) when (patience.Elapsed < TimeSpan.FromMinutes(1))
            {
                await Task.Delay(100);
            }
        }
    }

    private static async Task<double> LoadAsync(string url, string? script, int seconds, string bearer)
    {
        string[] arguments = ["-t2", "-c32", $"-d{seconds}s", "-H", $"Authorization: Bearer {bearer}", .. script is null ? Array.Empty<string>() : ["-s", script], url];
        using var wrk = Process.Start(new ProcessStartInfo("wrk", arguments) { RedirectStandardOutput = true, UseShellExecute = false })!;
        var output = await wrk.StandardOutput.ReadToEndAsync();
        await wrk.WaitForExitAsync();
        if (output.Contains("Non-2xx", StringComparison.Ordinal))
        {
            throw new InvalidOperationException($"{url} refuses:\n{output}");
        }

        var line = output.Split('\n').First(text => text.StartsWith("Requests/sec:", StringComparison.Ordinal));
        return double.Parse(line["Requests/sec:".Length..], System.Globalization.CultureInfo.InvariantCulture);
    }
}
