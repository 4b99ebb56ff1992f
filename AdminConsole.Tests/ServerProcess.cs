using System.Diagnostics;
using System.Text;

namespace AdminConsole.Tests;

/// <summary>The server as an operator starts it: a separate process, configured by environment variables.</summary>
public sealed class ServerProcess : IDisposable
{
    // Several concurrent starts take long on a busy machine; a process that ends is not waited for.
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

    /// <summary>Starts the server on a free port, with its data in the folder unless the settings say
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

    /// <summary>Runs a command of the server to its end and returns its exit code and output.</summary>
    public static async Task<(int Code, string Output)> RunAsync(
        string folder,
        string[] command,
        params (string Key, string Value)[] settings
    )
    {
        using var run = Start(folder, command, settings);
        return (await run.EndedAsync(), run.Output);
    }

    /// <summary>Completes with the address once the server responds; fails if it ends first.</summary>
    public Task<Uri> ListeningAsync() => listening.Task.WaitAsync(Timeout);

    /// <summary>Waits for the process to end and returns its exit code.</summary>
    public async Task<int> EndedAsync()
    {
        using var timeout = new CancellationTokenSource(Timeout);
        await process.WaitForExitAsync(timeout.Token);
        return process.ExitCode;
    }

    /// <summary>Sends SIGTERM.</summary>
    public void Terminate()
    {
        using var kill = Process.Start("kill", ["-TERM", $"{process.Id}"]);
        kill.WaitForExit();
    }

    /// <summary>Sends SIGKILL.</summary>
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
            // In a JSON log the line continues after the address.
            listening.TrySetResult(new Uri(line[(at + announcement.Length)..].Split('"')[0].Trim()));
        }
    }
}
