using System.Diagnostics;
using System.Text;

namespace AdminConsole.Tests;

/// <summary>The program as an operator starts it: a process of its own, configured by its environment.</summary>
public sealed class ServerProcess : IDisposable
{
    // On a busy machine several that start at once take long; one that ends is not waited for.
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(4);

    private readonly Process process;
    private readonly StringBuilder output = new();
    private readonly TaskCompletionSource<Uri> listening = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ServerProcess(Process process) => this.process = process;

    public string Output
    {
        get
        {
            lock (output)
            {
                return output.ToString();
            }
        }
    }

    /// <summary>Starts it, on a free port and in the folder's data directory unless the settings say
    /// otherwise.</summary>
    public static ServerProcess Start(string folder, params (string Key, string Value)[] settings) => Start(folder, [], settings);

    private static ServerProcess Start(string folder, string[] command, (string Key, string Value)[] settings)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "AdminConsole.dll"), .. command])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder,
        };
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Development";
        start.Environment["Urls"] = "http://127.0.0.1:0";
        start.Environment["DataDirectory"] = folder;
        start.Environment["Passwords__BreachService"] = "";
        start.Environment["Logging__LogLevel__Microsoft.Hosting.Lifetime"] = "Information";
        foreach (var (key, value) in settings)
        {
            start.Environment[key.Replace(":", "__", StringComparison.Ordinal)] = value;
        }

        var server = new ServerProcess(new Process { StartInfo = start });
        server.process.EnableRaisingEvents = true;
        server.process.Exited += (_, _) =>
            server.listening.TrySetException(new InvalidOperationException($"The server has ended:\n{server.Output}"));
        server.process.OutputDataReceived += (_, line) => server.Take(line.Data);
        server.process.ErrorDataReceived += (_, line) => server.Take(line.Data);
        server.process.Start();
        server.process.BeginOutputReadLine();
        server.process.BeginErrorReadLine();
        return server;
    }

    /// <summary>Runs one of the program's own commands to its end; answers its exit code and what it printed.</summary>
    public static async Task<(int Code, string Output)> RunAsync(
        string folder,
        string[] command,
        params (string Key, string Value)[] settings
    )
    {
        using var run = Start(folder, command, settings);
        return (await run.EndedAsync(), run.Output);
    }

    /// <summary>Its address, once it answers; fails when it ends instead.</summary>
    public Task<Uri> ListeningAsync() => listening.Task.WaitAsync(Timeout);

    /// <summary>Its exit code, once it has ended by itself.</summary>
    public async Task<int> EndedAsync()
    {
        using var patience = new CancellationTokenSource(Timeout);
        await process.WaitForExitAsync(patience.Token);
        return process.ExitCode;
    }

    /// <summary>kill -TERM: asks it to end.</summary>
    public void Ask()
    {
        using var kill = Process.Start("kill", ["-TERM", $"{process.Id}"]);
        kill.WaitForExit();
    }

    /// <summary>kill -9.</summary>
    public void Kill()
    {
        process.Kill();
        process.WaitForExit();
    }

    public void Dispose()
    {
        if (!process.HasExited)
        {
            Kill();
        }

        process.Dispose();
    }

    private void Take(string? line)
    {
        if (line is null)
        {
            return;
        }

        lock (output)
        {
            output.AppendLine(line);
        }

        const string announcement = "Now listening on: ";
        if (line.IndexOf(announcement, StringComparison.Ordinal) is >= 0 and var at)
        {
            // In a log of JSON the line goes on behind the address.
            listening.TrySetResult(new Uri(line[(at + announcement.Length)..].Split('"')[0].Trim()));
        }
    }
}
