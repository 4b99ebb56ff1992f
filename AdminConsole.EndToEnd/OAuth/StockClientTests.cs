using System.Diagnostics;
using AdminConsole.Tests.OAuth;

namespace AdminConsole.EndToEnd.OAuth;

/// <summary>Unmodified public libraries use the OAuth endpoints and verify their signatures.</summary>
public sealed class StockClientTests(SqliteApp app) : IClassFixture<SqliteApp>
{
    private static Process Start(DirectoryInfo folder, string command, params string[] arguments) =>
        Process.Start(
            new ProcessStartInfo(command, arguments)
            {
                WorkingDirectory = folder.FullName,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                UseShellExecute = false,
            }
        )!;

    [Fact]
    public async Task A_stock_client_library_runs_the_device_flow_and_a_stock_jose_library_verifies_the_token()
    {
        var person = await app.SignedInUserAsync("Operator");
        var folder = Directory.CreateTempSubdirectory("adminconsole-oauth-");
        try
        {
            foreach (var file in Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "OAuthClient")))
            {
                File.Copy(file, Path.Combine(folder.FullName, Path.GetFileName(file)));
            }

            using var timeout = new CancellationTokenSource(TimeSpan.FromMinutes(3));
            using var install = Start(folder, "npm", "install", "--no-audit", "--no-fund", "--no-package-lock", "--prefer-offline");
            var installed = (install.StandardOutput.ReadToEndAsync(), install.StandardError.ReadToEndAsync());
            await install.WaitForExitAsync(timeout.Token);
            Assert.True(install.ExitCode == 0, await installed.Item2);

            using var client = Start(folder, "node", "client.js", app.Root.ToString().TrimEnd('/'));
            var errors = client.StandardError.ReadToEndAsync();
            var output = new List<string>();
            while (await client.StandardOutput.ReadLineAsync(timeout.Token) is { } line)
            {
                output.Add(line);
                // Approves only after the first "pending", so that the client has polled.
                if (line == "pending" && output.Count(printed => printed == line) == 1)
                {
                    Assert.Null((await app.ApproveAsync(person.Caller, output[0]["code ".Length..])).Refusal);
                }
            }

            await client.WaitForExitAsync(timeout.Token);
            Assert.True(client.ExitCode == 0, string.Join('\n', output) + await errors);
            Assert.Equal("all of it worked", output[^1]);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
