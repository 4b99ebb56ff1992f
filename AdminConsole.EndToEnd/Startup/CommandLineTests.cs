using System.Diagnostics;
using AdminConsole.Tests.Tokens;

namespace AdminConsole.EndToEnd.Startup;

/// <summary>The server's own command line.</summary>
public sealed class CommandLineTests(SqliteApp app) : IClassFixture<SqliteApp>
{
    [Theory]
    [InlineData("--help")]
    [InlineData("-h")]
    [InlineData("--version")]
    [InlineData("help", "backup")]
    [InlineData("restore", "--help")]
    [InlineData("--Urls=http://127.0.0.1:0", "--help")]
    public async Task An_informational_option_prints_and_starts_no_server(params string[] arguments)
    {
        var (code, output, errors) = await RunAsync("", arguments);

        Assert.Equal((0, ""), (code, errors));
        Assert.Contains("AdminConsole", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("frobnicate")]
    [InlineData("frobnicate", "--help")]
    [InlineData("help", "frobnicate")]
    [InlineData("-x")]
    [InlineData("backup")]
    [InlineData("backup", "--DataDirectory=x")]
    [InlineData("backup", "file", "another")]
    [InlineData("restore", "file", "--keep-token")]
    [InlineData("seed-demo", "--users", "many")]
    [InlineData("recover-admin")]
    public async Task An_invalid_command_line_exits_with_2_and_the_usage_on_standard_error(params string[] arguments)
    {
        var (code, output, errors) = await RunAsync("", arguments);

        Assert.Equal((2, ""), (code, output));
        Assert.Contains("Usage:", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_version_names_the_commit()
    {
        var (_, output, _) = await RunAsync("", "--version");

        Assert.Matches(@"^AdminConsole [0-9]+\.[0-9]+\.[0-9]+(\+[0-9a-f]{40})?\n$", output);
    }

    [Fact]
    public async Task Recovering_reports_before_and_after_what_it_revokes()
    {
        var person = await app.SignedInUserAsync();
        await person.Caller.CreateTokenAsync();
        var watch = await app.WatchAsync();

        var refused = await RunAsync("", "recover-admin", person.Email);
        Assert.Equal(1, refused.Code);
        Assert.Contains("access tokens are revoked (1) and its devices signed out (0)", refused.Errors, StringComparison.Ordinal);
        await watch.NothingHappenedAsync();

        var recovered = await RunAsync("", "recover-admin", person.Email, "--yes");
        Assert.Equal(0, recovered.Code);
        Assert.Contains("Ended: 1 sessions, 0 devices, 1 access tokens.", recovered.Output, StringComparison.Ordinal);

        // Nothing is left to revoke, so no confirmation is needed.
        Assert.Equal(0, (await RunAsync("", "recover-admin", person.Email)).Code);
    }

    [Fact]
    public async Task A_link_that_could_not_be_printed_is_revoked()
    {
        var user = await app.CreateUserAsync();

        var (code, _, errors) = await RunAsync(">/dev/full", "recover-admin", user.Email!);

        Assert.Equal(1, code);
        Assert.Contains("was revoked", errors, StringComparison.Ordinal);
        Assert.False(await app.ReadAsync(db => Task.FromResult(db.SingleUseLinks.Any(reset => reset.UserId == user.Id))));
    }

    private async Task<(int Code, string Output, string Errors)> RunAsync(string redirection, params string[] arguments)
    {
        var start = new ProcessStartInfo(
            "sh",
            ["-c", $"exec dotnet \"$0\" \"$@\" {redirection}", Path.Combine(AppContext.BaseDirectory, "AdminConsole.dll"), .. arguments]
        )
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Development";
        start.Environment["DataDirectory"] = app.Database.Folder;
        start.Environment["Logging__LogLevel__Default"] = "Error";
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        using var timeout = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        await process.WaitForExitAsync(timeout.Token);
        return (process.ExitCode, await output, await errors);
    }
}
