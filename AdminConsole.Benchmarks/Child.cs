using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace AdminConsole.Benchmarks;

/// <summary>A program under measurement: a separate process with a probe, on a free port.</summary>
internal sealed class Child : IAsyncDisposable
{
    private static readonly HttpClient Http = new()
    {
        Timeout = TimeSpan.FromMinutes(2),
        DefaultRequestHeaders = { ConnectionClose = true },
    };

    private static readonly string? Published = Environment.GetEnvironmentVariable("BENCH_PROGRAM");

    /// <summary>The path of the console: the published one that BENCH_PROGRAM names, or the build beside this
    /// program.</summary>
    public static readonly string Program =
        Published
        ?? Path.GetFullPath(
            $"../../../../AdminConsole/bin/{new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name}/net10.0/AdminConsole.dll",
            AppContext.BaseDirectory
        );

    /// <summary>How the console was built, in words for a report.</summary>
    public static readonly string Made = Published is null ? "as a release build" : "as published";

    private readonly Process process;
    private readonly string probe = FreeUrl();

    private Child(string folder, string url, string program, string[] arguments, (string Key, string Value)[] settings)
    {
        var start = program.EndsWith(".dll", StringComparison.Ordinal)
            ? new ProcessStartInfo("dotnet", [program, .. arguments])
            : new ProcessStartInfo(program, arguments);
        (start.UseShellExecute, start.WorkingDirectory, start.RedirectStandardOutput) = (false, folder, true);
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Production";
        start.Environment["Urls"] = url;
        start.Environment["DOTNET_STARTUP_HOOKS"] = typeof(Child).Assembly.Location;
        start.Environment["BENCH_PROBE"] = probe + "/";
        foreach (var (key, value) in settings)
        {
            start.Environment[key] = value;
        }

        Url = url;
        process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
    }

    public string Url { get; }

    /// <summary>Processor time used so far.</summary>
    public TimeSpan Cpu
    {
        get
        {
            process.Refresh();
            return process.TotalProcessorTime;
        }
    }

    /// <summary>Resident memory, in bytes.</summary>
    public long Resident
    {
        get
        {
            process.Refresh();
            return process.WorkingSet64;
        }
    }

    /// <summary>Starts the console, with its data in the folder unless the settings name another place. Returns once it
    /// responds.</summary>
    public static Task<Child> ConsoleAsync(string folder, params (string Key, string Value)[] settings)
    {
        var url = FreeUrl();
        return StartAsync(
            folder,
            url,
            "/health/live",
            Program,
            [],
            [
                ("PublicUrl", url),
                ("DataDirectory", folder),
                ("Cookies__Secure", "false"),
                ("RateLimits__SignInPerMinute", "0"),
                ("RateLimits__OpenPages", "0"),
                .. settings,
            ]
        );
    }

    /// <summary>Runs a command of the console to its end, on the data of a folder.</summary>
    public static async Task RunConsoleAsync(string folder, string[] arguments, params (string Key, string Value)[] settings)
    {
        var url = FreeUrl();
        var child = new Child(folder, url, Program, arguments, [("PublicUrl", url), ("DataDirectory", folder), .. settings]);
        await child.process.WaitForExitAsync();
        if (child.process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{string.Join(' ', arguments)} ended with {child.process.ExitCode}.");
        }
    }

    /// <summary>Starts one of the yardsticks.</summary>
    public static Task<Child> YardstickAsync(string folder, string name, string token = "")
    {
        var url = FreeUrl();
        return StartAsync(
            folder,
            url,
            "/",
            typeof(Child).Assembly.Location,
            ["yardstick", name, url, Path.Combine(folder, "console.db"), token],
            []
        );
    }

    /// <summary>The size of the live heap after a full collection, in bytes.</summary>
    public async Task<long> HeapAsync() => (await ProbeAsync("/heap"))[0];

    /// <summary>The number of database queries so far.</summary>
    public async Task<long> QueriesAsync() => (await ProbeAsync("/"))[1];

    public async ValueTask DisposeAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
    }

    private static async Task<Child> StartAsync(
        string folder,
        string url,
        string path,
        string program,
        string[] arguments,
        (string Key, string Value)[] settings
    )
    {
        var child = new Child(folder, url, program, arguments, settings);
        var waited = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                (await Http.GetAsync(url + path)).Dispose();
                return child;
            }
            catch (HttpRequestException) when (!child.process.HasExited && waited.Elapsed < TimeSpan.FromMinutes(1))
            {
                await Task.Delay(5);
            }
        }
    }

    private async Task<long[]> ProbeAsync(string path) =>
        [.. (await Http.GetStringAsync(probe + path)).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(long.Parse)];

    private static string FreeUrl()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}";
    }
}
