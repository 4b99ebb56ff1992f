using System.Globalization;
using System.Runtime.Versioning;
using System.Text.Json.Nodes;
using AdminConsole.Core.Contracts;
using AdminConsole.Tests.Tokens;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.EndToEnd.Cli;

/// <summary>Signing in on the command line by every method, and being signed out.</summary>
[SupportedOSPlatform("linux")]
public sealed class CliSignInTests(SqliteApp app) : IClassFixture<SqliteApp>
{
    private static string Mode(string path) => Convert.ToString((int)File.GetUnixFileMode(path), 8);

    [Fact]
    public async Task Without_a_sign_in_it_says_how_to_sign_in()
    {
        using var shell = new Shell(app.Root);

        var outcome = await shell.RunAsync("whoami");

        outcome.Refuses(3, "adminctl login");
    }

    [Fact]
    public async Task A_token_signs_in_and_is_stored_readable_by_its_owner_only()
    {
        var person = await app.SignedInUserAsync();
        var token = await person.Caller.CreateTokenAsync();
        using var shell = new Shell(app.Root);

        (await shell.RunAsync(token.Token + "\n", ["login", "--token"])).Is(0);

        var me = (await shell.RunAsync("whoami", "--json")).Is(0).Json;
        Assert.Equal((person.Email, "token"), (me.GetProperty("email").GetString(), me.GetProperty("authMethod").GetString()));
        Assert.Equal(("600", "700"), (Mode(shell.CredentialsFile), Mode(shell.ConfigFolder)));
        shell.Environment["ADMINCONSOLE_SERVER"] = null;
        Assert.Contains(person.Email, (await shell.RunAsync("whoami")).Is(0).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_invalid_token_is_not_stored_and_the_error_names_its_source()
    {
        using var shell = new Shell(app.Root);

        var option = await shell.RunAsync("login", "--token", "acpat_nonsense");
        var input = await shell.RunAsync("acpat_nonsense\n", ["login", "--token"]);

        option.Refuses(3, "The token of --token is refused");
        input.Refuses(3, "The token on standard input is refused");
        Assert.False(File.Exists(shell.CredentialsFile));
    }

    [Theory]
    [InlineData("\uFEFF{0}", 0)]
    [InlineData("  {0}\t\r\n", 0)]
    [InlineData("\uFEFF {0} \n", 0)]
    [InlineData("\"{0}\"", 3)]
    [InlineData("'{0}'", 3)]
    [InlineData("\u201C{0}\u201D", 3)]
    [InlineData("{0} {0}", 3)]
    [InlineData("\u00E4{0}", 3)]
    public async Task A_badly_copied_token_is_cleaned_or_refused(string form, int exitCode)
    {
        var token = string.Format(
            CultureInfo.InvariantCulture,
            form,
            (await (await app.SignedInUserAsync()).Caller.CreateTokenAsync()).Token
        );
        using var shell = new Shell(app.Root);

        Outcome[] outcomes = [await shell.RunAsync("login", "--token", token), await shell.RunAsync(token, ["login", "--token"])];
        shell.Environment["ADMINCONSOLE_TOKEN"] = token;

        foreach (var outcome in outcomes.Append(await shell.RunAsync("whoami")))
        {
            outcome.Is(exitCode);
            Assert.Equal(exitCode == 3, outcome.Errors.Contains("not a token", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task A_token_from_the_environment_is_used_and_not_stored()
    {
        var person = await app.SignedInUserAsync();
        using var shell = new Shell(app.Root);
        shell.Environment["ADMINCONSOLE_TOKEN"] = (await person.Caller.CreateTokenAsync()).Token;

        (await shell.RunAsync("whoami")).Is(0);

        shell.Environment["ADMINCONSOLE_TOKEN"] = "acpat_nonsense";
        (await shell.RunAsync("whoami")).Refuses(3, "ADMINCONSOLE_TOKEN");
        Assert.False(Directory.Exists(shell.ConfigFolder));
    }

    [Fact]
    public async Task A_code_from_the_console_signs_in_once()
    {
        var person = await app.SignedInUserAsync();
        var code = (await person.Caller.PostAsync("/api/auth/cli-code")).Is(200).As<CliCode>();
        using var shell = new Shell(app.Root);

        (await shell.RunAsync("login", "--code", code.Code.ToLowerInvariant(), "--device-name", "Build box")).Is(0);

        Assert.Equal(person.Email, (await shell.RunAsync("whoami", "--json")).Is(0).Json.GetProperty("email").GetString());
        Assert.Equal(
            "Build box",
            Assert.Single((await person.Caller.GetAsync("/api/devices")).Is(200).As<Page<DeviceSummary>>().Items).Name
        );
        using var other = new Shell(app.Root);
        (await other.RunAsync("login", "--code", code.Code)).Refuses(3, "isn't valid");
    }

    [Fact]
    public async Task A_password_signs_in_and_a_wrong_one_hints_at_the_browser()
    {
        var person = await app.SignedInUserAsync();
        using var shell = new Shell(app.Root);

        (await shell.RunAsync("wrong password 1\n", ["login", "--password", "--user", person.Email])).Refuses(3, "approve in the browser");
        (await shell.RunAsync(TestData.Password + "\n", ["login", "--password", "--user", person.Email])).Is(0);

        Assert.Equal("jwt", (await shell.RunAsync("whoami", "--json")).Is(0).Json.GetProperty("authMethod").GetString());
    }

    [Fact]
    public async Task Logging_out_disconnects_the_device()
    {
        var person = await app.SignedInUserAsync();
        using var shell = await Shell.SignedInAsync(app, person.Caller);

        (await shell.RunAsync("logout")).Is(0);

        Assert.Equal("ended", Assert.Single((await person.Caller.GetAsync("/api/devices")).Is(200).As<Page<DeviceSummary>>().Items).State);
        (await shell.RunAsync("whoami")).Refuses(3, "not signed in");
        Assert.DoesNotContain("accessToken", await File.ReadAllTextAsync(shell.CredentialsFile), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Signing_in_again_replaces_the_device()
    {
        var person = await app.SignedInUserAsync();
        using var shell = await Shell.SignedInAsync(app, person.Caller);
        var code = (await person.Caller.PostAsync("/api/auth/cli-code")).Is(200).As<CliCode>();

        (await shell.RunAsync("login", "--code", code.Code)).Is(0);

        Assert.Equal(
            ["active", "ended"],
            (await person.Caller.GetAsync("/api/devices")).Is(200).As<Page<DeviceSummary>>().Items.Select(device => device.State)
        );
    }

    [Fact]
    public async Task An_ended_device_reports_that_it_was_signed_out()
    {
        var person = await app.SignedInUserAsync();
        using var shell = await Shell.SignedInAsync(app, person.Caller);
        var device = Assert.Single((await person.Caller.GetAsync("/api/devices")).Is(200).As<Page<DeviceSummary>>().Items);

        (await person.Caller.DeleteAsync($"/api/devices/{device.Id}")).Is(204);

        (await shell.RunAsync("whoami")).Refuses(3, "You were signed out");
        (await shell.RunAsync("whoami")).Refuses(3, "not signed in");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Thirty_two_concurrent_commands_refresh_an_old_access_token_once(bool isKnownHere)
    {
        await using var own = await AdminApp.StartAsync(
            AdminConsole.Core.Common.DatabaseProvider.Sqlite,
            settings: ("RateLimits:TokensPerMinute", "0")
        );
        await own.CreateUserAsync(TestData.AdminEmail, TestData.Password, "Admin");
        using var admin = await own.SignInAdminAsync();
        using var shell = await Shell.SignedInAsync(own, admin);
        own.Clock.Advance(TimeSpan.FromMinutes(16));
        if (isKnownHere)
        {
            var stored = JsonNode.Parse(await File.ReadAllTextAsync(shell.CredentialsFile))!;
            stored.AsObject().First().Value!["expiresAt"] = "2020-01-01T00:00:00+00:00";
            await File.WriteAllTextAsync(shell.CredentialsFile, stored.ToJsonString());
        }

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 32).Select(_ => shell.RunAsync("whoami", "--json")));

        Assert.All(outcomes, outcome => Assert.Equal(TestData.AdminEmail, outcome.Is(0).Json.GetProperty("email").GetString()));
        Assert.Equal(1, await own.ReadAsync(db => db.ConnectedDevices.Select(device => device.Generation).SingleAsync()));
    }
}
