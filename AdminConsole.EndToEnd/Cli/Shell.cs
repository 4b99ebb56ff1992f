using System.Diagnostics;
using System.Text.Json;
using AdminConsole.Core.Contracts;

namespace AdminConsole.EndToEnd.Cli;

/// <summary>A shell with a separate home directory and the adminctl that the server distributes.</summary>
internal sealed class Shell : IDisposable
{
    private readonly DirectoryInfo home = Directory.CreateTempSubdirectory("adminconsole-cli-");
    private readonly Uri? server;

    public Shell(Uri? server) => this.server = server;

    /// <summary>The path of the file that /cli/download serves.</summary>
    public static string Program { get; } = Path.Combine(AppContext.BaseDirectory, "cli", "adminctl-linux-x64");

    public string Home => home.FullName;

    public string ConfigFolder => Path.Combine(Home, ".config", "adminconsole");

    public string CredentialsFile => Path.Combine(ConfigFolder, "credentials.json");

    /// <summary>Environment variables for the next commands; null removes a variable.</summary>
    public Dictionary<string, string?> Environment { get; } = [];

    /// <summary>Creates a shell that is signed in with a code from the console.</summary>
    public static async Task<Shell> SignedInAsync(AdminApp app, ApiClient caller)
    {
        var shell = new Shell(app.Root);
        var code = (await caller.PostAsync("/api/auth/cli-code")).Is(200).As<CliCode>();
        (await shell.RunAsync("login", "--code", code.Code)).Is(0);
        return shell;
    }

    public Task<Outcome> RunAsync(params string[] arguments) => RunAsync("", arguments);

    /// <summary>Runs adminctl with this standard input.</summary>
    public async Task<Outcome> RunAsync(string input, string[] arguments) => await EndAsync(Start(Program, arguments), input);

    /// <summary>Runs another program in the same environment.</summary>
    public Task<Outcome> RunOtherAsync(string program, params string[] arguments) => EndAsync(Start(program, arguments), "");

    public Process Start(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Home,
        };
        foreach (
            var name in start
                .Environment.Keys.Where(name =>
                    name.StartsWith("ADMINCONSOLE_", StringComparison.Ordinal) || name is "XDG_CONFIG_HOME" or "COLUMNS"
                )
                .ToList()
        )
        {
            start.Environment.Remove(name);
        }

        start.Environment["HOME"] = Home;
        start.Environment["ADMINCONSOLE_SERVER"] = server?.ToString();
        foreach (var (name, value) in Environment)
        {
            start.Environment[name] = value;
        }

        return Process.Start(start)!;
    }

    public static async Task<Outcome> EndAsync(Process process, string input)
    {
        using (process)
        {
            try
            {
                await process.StandardInput.WriteAsync(input);
                process.StandardInput.Close();
            }
            catch (IOException)
            {
                // The program ended without reading its input.
            }

            var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
            using var timeout = new CancellationTokenSource(TimeSpan.FromMinutes(2));
            await process.WaitForExitAsync(timeout.Token);
            return new Outcome(process.ExitCode, await output, await errors);
        }
    }

    public void Dispose() => home.Delete(recursive: true);
}

/// <summary>The result of a command.</summary>
internal sealed record Outcome(int ExitCode, string Output, string Errors)
{
    public JsonElement Json => JsonSerializer.Deserialize<JsonElement>(Output);

    /// <summary>The non-empty lines of standard output.</summary>
    public string[] Lines => Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Asserts the exit code; the message contains all output.</summary>
    public Outcome Is(int exitCode)
    {
        Assert.True(exitCode == ExitCode, $"Expected exit code {exitCode}, got {ExitCode}.\n{Output}\n{Errors}");
        return this;
    }

    /// <summary>Asserts this exit code, this text on standard error, and empty standard output.</summary>
    public Outcome Refuses(int exitCode, string words)
    {
        Is(exitCode);
        Assert.Empty(Output);
        Assert.Contains(words, Errors, StringComparison.Ordinal);
        return this;
    }
}
