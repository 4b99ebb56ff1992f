using System.Diagnostics;
using AdminConsole.Benchmarks.Circuits;

namespace AdminConsole.Benchmarks;

/// <summary>A console with very many users and events. The data takes long to create and is kept for the next
/// run.</summary>
internal sealed class Large : IAsyncDisposable
{
    private readonly Child console;
    private readonly Browser administrator;

    private Large(Child console, Browser administrator, HttpClient http) =>
        (this.console, this.administrator, Http) = (console, administrator, http);

    /// <summary>A client with a token that can read everything.</summary>
    public HttpClient Http { get; }

    /// <summary>Measures on SQLite, and on PostgreSQL if the plan names a database. Returns the results with the
    /// database names.</summary>
    public static async Task<List<(string Database, T Measured)>> OnEachAsync<T>(Plan plan, Func<Large, Task<T>> measure)
    {
        var databases = new List<(string Name, (string, string)[] Settings)> { ("SQLite", []) };
        if (plan.Postgres is { } connection)
        {
            databases.Add(("PostgreSQL", [("Database__Provider", "PostgreSQL"), ("ConnectionStrings__Console", connection)]));
        }

        var all = new List<(string, T)>();
        foreach (var (name, settings) in databases)
        {
            await using var large = await OpenAsync(Path.Combine(plan.Data, name), settings, plan);
            all.Add((name, await measure(large)));
        }

        return all;
    }

    /// <summary>Sends a request and returns the time of the complete response, in milliseconds.</summary>
    public async Task<double> TimeAsync(string path)
    {
        var began = Stopwatch.GetTimestamp();
        using var answer = await Http.GetAsync(path);
        await answer.Content.ReadAsByteArrayAsync();
        answer.EnsureSuccessStatusCode();
        return Stopwatch.GetElapsedTime(began).TotalMilliseconds;
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        administrator.Dispose();
        await console.DisposeAsync();
    }

    private static async Task<Large> OpenAsync(string folder, (string, string)[] settings, Plan plan)
    {
        Directory.CreateDirectory(folder);
        await using (var empty = await Child.ConsoleAsync(folder, settings))
        {
            using var first = new Browser(empty.Url);
            if ((await first.SendAsync(HttpMethod.Get, "/api/auth/setup-required")).GetProperty("setupRequired").GetBoolean())
            {
                await first.SendAsync(
                    HttpMethod.Post,
                    "/api/auth/setup",
                    new { email = Administrator.Email, password = Administrator.Password }
                );
            }
        }

        await Child.RunConsoleAsync(folder, ["seed-demo", "--users", $"{plan.Users}", "--audit", $"{plan.Events}"], settings);
        var server = await Child.ConsoleAsync(folder, settings);
        var browser = await Administrator.SignInAsync(server.Url);
        return new Large(server, browser, await browser.WithTokenAsync("profile.read", "users.read", "audit.read"));
    }
}
