using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Cookie = Microsoft.Playwright.Cookie;

namespace AdminConsole.EndToEnd.Browser;

/// <summary>The cluster of scripts/cluster.sh: two nodes, a PostgreSQL server, and nginx in front.</summary>
public sealed class Cluster : IAsyncLifetime
{
    private const int Ports = 4;

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("adminconsole-cluster-");
    private readonly int port = FreePorts();
    private Process? up;

    private Cluster() { }

    /// <summary>The address of nginx.</summary>
    public Uri Root => new($"http://localhost:{port}");

    public static async Task<Cluster> UpAsync()
    {
        var cluster = new Cluster();
        await cluster.InitializeAsync();
        return cluster;
    }

    public async ValueTask InitializeAsync()
    {
        // The shell waits for the end of its input, which occurs however this process ends, and then stops the cluster.
        up = Start("bash", "-c", "bash scripts/cluster.sh up && echo; cat >/dev/null; bash scripts/cluster.sh down");
        while (await up.StandardOutput.ReadLineAsync() is { Length: > 0 })
        {
            // The script prints its address.
        }

        Assert.False(up.HasExited);
    }

    public async ValueTask DisposeAsync()
    {
        up!.StandardInput.Close();
        await up.WaitForExitAsync();
        up.Dispose();
    }

    /// <summary>Kills, stops or starts node a or b. Starting and stopping wait for completion.</summary>
    public async Task DoAsync(string verb, string node)
    {
        using var doing = Start("bash", "scripts/cluster.sh", verb, node);
        doing.StandardInput.Close();
        var complaints = await doing.StandardError.ReadToEndAsync();
        await doing.WaitForExitAsync();
        Assert.True(doing.ExitCode == 0, complaints);
    }

    /// <summary>The cookie with which nginx routes a browser to this node.</summary>
    public async Task<Cookie> RouteToAsync(string node)
    {
        using var anonymous = new ApiClient(Root);
        var upstream = $"127.0.0.1:{port + (node == "a" ? 1 : 2)}";
        for (var number = 0; ; number++)
        {
            var route = $"route-{node}-{number}";
            (await anonymous.GetAsync("/health/live", ("Cookie", $"route={route}"))).Is(200);
            var line = "";
            await AdminApp.UntilAsync(
                async () =>
                    (line = (await LogAsync()).FirstOrDefault(text => text.StartsWith($"{route} ", StringComparison.Ordinal)) ?? "") != "",
                "nginx says who answered"
            );
            if (line.Contains($" {upstream} ", StringComparison.Ordinal))
            {
                return new Cookie
                {
                    Name = "route",
                    Value = route,
                    Url = Root.ToString(),
                };
            }
        }
    }

    private async Task<string[]> LogAsync() => await File.ReadAllLinesAsync(Path.Combine(folder.FullName, "nginx", "access.log"));

    private Process Start(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = program == "bash" && arguments[0] != "-c",
            WorkingDirectory = Repository(),
        };
        start.Environment["CLUSTER_DIR"] = folder.FullName;
        start.Environment["CLUSTER_PORT"] = $"{port}";
        start.Environment["CLUSTER_PROGRAM"] = Path.Combine(AppContext.BaseDirectory, "AdminConsole.dll");
        start.Environment["CLUSTER_DRAIN"] = "1";
        start.Environment["Passwords__BreachService"] = "";
        return Process.Start(start)!;
    }

    private static string Repository()
    {
        var at = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(at.FullName, "AdminConsole.sln")))
        {
            at = at.Parent!;
        }

        return at.FullName;
    }

    // Returns the first of several consecutive free ports.
    private static int FreePorts()
    {
        while (true)
        {
            var first = Random.Shared.Next(20_000, 30_000);
            var listeners = Enumerable.Range(first, Ports).Select(number => new TcpListener(IPAddress.Loopback, number)).ToList();
            try
            {
                listeners.ForEach(listener => listener.Start());
                return first;
            }
            catch (SocketException)
            {
                // One of the ports is in use.
            }
            finally
            {
                listeners.ForEach(listener => listener.Stop());
            }
        }
    }
}
