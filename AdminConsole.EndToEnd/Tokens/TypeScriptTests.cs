using System.Diagnostics;

namespace AdminConsole.EndToEnd.Tokens;

/// <summary>A public generator creates a usable client from the OpenAPI document.</summary>
public sealed class TypeScriptTests(SqliteApp app) : IClassFixture<SqliteApp>
{
    [Fact]
    public async Task A_generated_typescript_client_compiles_under_strict_and_manages_tokens()
    {
        var person = await app.CreateUserAsync(password: TestData.Password);
        var folder = Directory.CreateTempSubdirectory("adminconsole-typescript-");
        try
        {
            foreach (var file in Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "TypeScriptClient")))
            {
                File.Copy(file, Path.Combine(folder.FullName, Path.GetFileName(file)));
            }

            var root = app.Root.ToString().TrimEnd('/');
            await RunAsync(folder, "npm", "install", "--no-audit", "--no-fund", "--no-package-lock", "--prefer-offline");
            await RunAsync(folder, "node_modules/.bin/openapi-typescript", $"{root}/openapi/v1.json", "-o", "schema.d.ts");
            await RunAsync(folder, "node_modules/.bin/tsc", "-p", ".");
            var output = await RunAsync(folder, "node", "client.js", root, person.Email!, TestData.Password);

            Assert.Contains("all of it worked", output, StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<string> RunAsync(DirectoryInfo folder, string command, params string[] arguments)
    {
        var program = command.Contains('/', StringComparison.Ordinal) ? Path.Combine(folder.FullName, command) : command;
        using var process = Process.Start(
            new ProcessStartInfo(program, arguments)
            {
                WorkingDirectory = folder.FullName,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                RedirectStandardInput = true,
                UseShellExecute = false,
            }
        )!;
        process.StandardInput.Close();
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        using var timeout = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        await process.WaitForExitAsync(timeout.Token);
        Assert.True(process.ExitCode == 0, $"{command} ended with {process.ExitCode}:\n{await output}\n{await errors}");
        return await output;
    }
}
