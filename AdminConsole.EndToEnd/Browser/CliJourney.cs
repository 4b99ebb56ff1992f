using System.Text.RegularExpressions;
using AdminConsole.EndToEnd.Cli;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace AdminConsole.EndToEnd.Browser;

/// <summary>A new administrator installs and uses the command line, with a real shell, binary and browser.</summary>
public sealed partial class CliJourney(Chromium chromium, SqliteApp app) : IClassFixture<SqliteApp>
{
    [Fact]
    public async Task The_page_shows_anonymous_visitors_how_to_install_and_copies_the_command()
    {
        await using var visitor = await BrowserSession.StartAsync(chromium, app, width: 390, height: 844, scheme: ColorScheme.Dark);
        await visitor.OpenPageAsync("/install");
        await visitor.IsAccessibleAsync();

        var copied = await visitor.CopyAsync(visitor.Page.GetByRole(AriaRole.Button, new() { NameRegex = InstallLine() }).First);

        Assert.Equal($"curl -fsSL '{app.Root}cli/install.sh' | sh", copied);
        await visitor.Page.GetByText("Windows", new() { Exact = true }).ClickAsync();
        await Expect(visitor.Page.GetByText("dotnet tool install")).ToBeVisibleAsync();
        await Expect(visitor.Page.GetByText("| sh").First).ToBeHiddenAsync();
    }

    [Fact]
    public async Task Installed_connected_used_and_disconnected()
    {
        var user = await app.CreateUserAsync(password: TestData.Password);
        await using var admin = await BrowserSession.StartAsync(chromium, app);
        await using var person = await BrowserSession.StartAsync(chromium, app);
        await admin.SignInAsync();
        await person.SignInByFormAsync(user.Email!);
        await admin.OpenPageAsync("/install");
        var line = await admin.Page.Locator(".for-linux code").First.InnerTextAsync();
        using var shell = new Shell(server: null);
        shell.Environment["PATH"] = $"{shell.Home}/.local/bin:/usr/bin:/bin";

        (await shell.RunOtherAsync("bash", "-c", line)).Is(0);
        using (var login = shell.Start("bash", "-c", "adminctl login --device-name 'Work laptop'"))
        {
            login.StandardInput.Close();
            var address = Address().Match((await login.StandardError.ReadLineAsync())!).Value;
            await admin.Page.GotoAsync(address);
            await admin.Button("Continue").ClickAsync();
            await Expect(admin.Page.GetByText("Work laptop")).ToBeVisibleAsync();
            await admin.Button("Authorize").ClickAsync();
            await login.WaitForExitAsync(new CancellationTokenSource(TimeSpan.FromMinutes(1)).Token);
            Assert.Equal(0, login.ExitCode);
        }

        Assert.Contains(
            user.Email!,
            (await shell.RunOtherAsync("bash", "-c", "adminctl users list")).Is(0).Output,
            StringComparison.Ordinal
        );
        var secret = (await shell.RunOtherAsync("bash", "-c", "adminctl tokens create --name first --ttl 90d --scope users.read --raw"))
            .Is(0)
            .Output.Trim();
        Assert.Contains(
            user.Email!,
            (await shell.RunOtherAsync("bash", "-c", $"ADMINCONSOLE_TOKEN={secret} adminctl users show {user.Email}")).Is(0).Output,
            StringComparison.Ordinal
        );
        (await shell.RunOtherAsync("bash", "-c", $"adminctl users deactivate {user.Email} --reason 'Left'")).Is(0);
        await person.IsAtAsync("**/login?*reason=deactivated*");

        await admin.OpenPageAsync("/account/sessions");
        await admin.Button("Sign out Work laptop").ClickAsync();
        await admin.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Sign out", Exact = true }).ClickAsync();
        await Expect(admin.Button("Sign out Work laptop")).ToHaveCountAsync(0);
        (await shell.RunOtherAsync("bash", "-c", "adminctl users list")).Refuses(3, "You were signed out");
    }

    [GeneratedRegex("install.sh", RegexOptions.None, 1000)]
    private static partial Regex InstallLine();

    [GeneratedRegex(@"http\S+", RegexOptions.None, 1000)]
    private static partial Regex Address();
}
