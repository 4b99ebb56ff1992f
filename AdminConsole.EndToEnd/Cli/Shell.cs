using System.Diagnostics;
using System.Text.Json;
using AdminConsole.Core.Contracts;

namespace AdminConsole.EndToEnd.Cli;

/// <summary>A person's shell, with a home of its own and the adminctl that the server hands out.</summary>
internal sealed class Shell : IDisposable
{
    private readonly DirectoryInfo home = Directory.CreateTempSubdirectory("adminconsole-cli-");
    private readonly Uri? server;

    public Shell(Uri? server) => this.server = server;

    /// <summary>The very file that /cli/download answers with.</summary>
    public static string Program { get; } = Path.Combine(AppContext.BaseDirectory, "cli", "adminctl-linux-x64");

    public string Home => home.FullName;

    public string ConfigFolder => Path.Combine(Home, ".config", "adminconsole");

    public string CredentialsFile => Path.Combine(ConfigFolder, "credentials.json");

    /// <summary>What the next commands find in their environment; null takes it out.</summary>
    public Dictionary<string, string?> Environment { get; } = [];

    /// <summary>A user's shell, signed in with a code from the console.</summary>
    public static async Task<Shell> SignedInAsync(AdminApp app, ApiClient caller)
    {
        var shell = new Shell(app.Root);
        var code = (await caller.PostAsync("/api/auth/cli-code")).Is(200).As<CliCode>();
        (await shell.RunAsync("login", "--code", code.Code)).Is(0);
        return shell;
    }

    public Task<Outcome> RunAsync(params string[] arguments) => RunAsync("", arguments);

    /// <summary>Runs adminctl, with this on its standard input.</summary>
    public async Task<Outcome> RunAsync(string input, string[] arguments) => await EndAsync(Start(Program, arguments), input);

    /// <summary>Runs another program in the same place.</summary>
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
                // It ended without reading.
            }

            var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
            using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
            await process.WaitForExitAsync(patience.Token);
            return new Outcome(process.ExitCode, await output, await errors);
        }
    }

    public void Dispose() => home.Delete(recursive: true);
}

/// <summary>How a command ended.</summary>
internal sealed record Outcome(int ExitCode, string Output, string Errors)
{
    public JsonElement Json => JsonSerializer.Deserialize<JsonElement>(Output);

    /// <summary>Standard output, line by line.</summary>
    public string[] Lines => Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Fails, showing everything, unless the exit code is this one.</summary>
    public Outcome Is(int exitCode)
    {
        Assert.True(exitCode == ExitCode, $"Expected exit code {exitCode}, got {ExitCode}.\n{Output}\n{Errors}");
        return this;
    }

    /// <summary>Fails unless it was refused with these words to people, and nothing on standard output.</summary>
    public Outcome Refuses(int exitCode, string words)
    {
        Is(exitCode);
        Assert.Empty(Output);
        Assert.Contains(words, Errors, StringComparison.Ordinal);
        return this;
    }
}
