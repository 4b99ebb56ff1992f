using AdminConsole.Core.Contracts;
using AdminConsole.Core.Identity;
using AdminConsole.Tests.Authentication;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace AdminConsole.EndToEnd.Browser;

/// <summary>A user sets up an authenticator app and signs in with its codes.</summary>
public sealed class SecurityJourney(Chromium chromium, SqliteApp app) : IClassFixture<SqliteApp>
{
    private static async Task GivePasswordAsync(BrowserSession visitor, string login)
    {
        await visitor.Page.GotoAsync("/login?returnUrl=/account/sessions");
        await visitor.Page.GetByLabel("Email or username").FillAsync(login);
        await visitor.Page.GetByLabel("Password").FillAsync(TestData.Password);
        await visitor.Button("Sign in").ClickAsync();
        await visitor.IsAtAsync("**/login/code?*");
    }

    private static byte[] Bytes(string key)
    {
        var bits = string.Concat(
            key.Replace(" ", "", StringComparison.Ordinal)
                .Select(digit => Convert.ToString("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".IndexOf(digit), 2).PadLeft(5, '0'))
        );
        return [.. bits.Chunk(8).Where(part => part.Length == 8).Select(part => Convert.ToByte(new string(part), 2))];
    }

    [Fact]
    public async Task Set_up_sign_out_sign_in_with_a_code_and_with_a_recovery_code()
    {
        var user = await app.CreateUserAsync(password: TestData.Password);
        await using var visitor = await BrowserSession.StartAsync(chromium, app);
        await visitor.SignInByFormAsync(user.Email!);
        await visitor.OpenAccountMenuAsync();
        await visitor.Page.GetByRole(AriaRole.Link, new() { Name = "Security", Exact = true }).First.ClickAsync();
        await visitor.Button("Set up").ClickAsync();
        await Expect(visitor.Page.GetByAltText("QR code for the authenticator app")).ToBeVisibleAsync();
        Assert.StartsWith(
            "otpauth://totp/",
            await visitor.Page.GetByRole(AriaRole.Link, new() { Name = "Open in your authenticator app" }).GetAttributeAsync("href")
        );
        await visitor.IsAccessibleAsync();
        var secret = Bytes(await visitor.Page.Locator(".typed-key").InnerTextAsync());
        string Code() => Totp.CodeOf(secret, Totp.StepAt(app.Clock.GetUtcNow()));

        await visitor.Button("Continue").ClickAsync();
        await Expect(visitor.Page.GetByText("Step 2 of 3")).ToBeFocusedAsync();
        await visitor.Page.GetByLabel("Authentication code").FillAsync("12345");
        await visitor.Button("Turn on").ClickAsync();
        await Expect(visitor.Page.GetByText("Incorrect code.")).ToBeVisibleAsync();
        await visitor.Page.GetByLabel("Authentication code").FillAsync(Code());
        await visitor.Button("Turn on").ClickAsync();
        await Expect(visitor.Page.GetByLabel("Recovery codes").GetByRole(AriaRole.Listitem)).ToHaveCountAsync(10);
        await visitor.IsAccessibleAsync();
        var codes = await visitor.Page.Locator(".recovery-codes code").AllInnerTextsAsync();
        var download = await visitor.Page.RunAndWaitForDownloadAsync(() => visitor.Button("Download").ClickAsync());
        Assert.Equal(codes, (await File.ReadAllTextAsync(await download.PathAsync())).TrimEnd().Split('\n'));
        await visitor.Button("I have stored them").ClickAsync();
        await Expect(visitor.Page.GetByLabel("Recovery codes")).ToHaveCountAsync(0);
        await Expect(visitor.Page.GetByText("10 codes left")).ToBeVisibleAsync();
        Assert.DoesNotContain(codes[0], await visitor.Page.ContentAsync(), StringComparison.Ordinal);

        await visitor.SignOutAsync();
        app.Clock.Advance(TimeSpan.FromSeconds(60));
        await GivePasswordAsync(visitor, user.Email!);
        await visitor.IsAccessibleAsync();
        Assert.DoesNotContain(TestData.Password, await visitor.Page.ContentAsync(), StringComparison.Ordinal);
        await visitor.Page.GetByLabel("Authentication code").FillAsync("000000");
        await visitor.Button("Sign in").ClickAsync();
        await Expect(visitor.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("Incorrect or already used code");
        await visitor.Page.GetByLabel("Authentication code").FillAsync(Code());
        await visitor.Button("Sign in").ClickAsync();
        await Expect(visitor.Page.GetByRole(AriaRole.Heading, new() { Name = "Devices" })).ToBeVisibleAsync();

        await visitor.SignOutAsync();
        await GivePasswordAsync(visitor, user.Email!);
        await visitor.Page.GetByText("Use a recovery code").ClickAsync();
        await visitor.Page.GetByLabel("Recovery code").FillAsync(codes[0]);
        await visitor.Button("Sign in").ClickAsync();
        await Expect(visitor.Page.GetByRole(AriaRole.Heading, new() { Name = "Devices" })).ToBeVisibleAsync();
        await visitor.OpenPageAsync("/account/security");
        await Expect(visitor.Page.GetByText("9 codes left")).ToBeVisibleAsync();

        await visitor.Button("Remove…").ClickAsync();
        await visitor.Page.GetByLabel("Authentication code or recovery code").FillAsync(codes[1]);
        await visitor.IsAccessibleAsync();
        await visitor.Button("Remove").ClickAsync();
        await Expect(visitor.Button("Set up")).ToBeVisibleAsync();
        Assert.DoesNotContain(app.Log.Lines, line => codes.Any(code => line.Contains(code, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task The_second_step_waits_five_minutes_and_in_one_browser_only()
    {
        var person = await EnrolledUser.CreateAsync(app);
        await using var visitor = await BrowserSession.StartAsync(chromium, app, width: 390, height: 844, scheme: ColorScheme.Dark);
        await GivePasswordAsync(visitor, person.User.Email!);
        await visitor.IsAccessibleAsync();
        await using var other = await BrowserSession.StartAsync(chromium, app);
        await other.Page.GotoAsync("/login/code");
        await other.IsAtAsync("**/login?reason=expired");

        app.Clock.Advance(TimeSpan.FromMinutes(5.1));
        await visitor.Page.GetByLabel("Authentication code").FillAsync(person.Code());
        await visitor.Button("Sign in").ClickAsync();

        await Expect(visitor.Page.GetByText("Your sign-in timed out. Try again.")).ToBeVisibleAsync();
        Assert.False(await app.ReadAsync(db => db.Sessions.AnyAsync(session => session.UserId == person.User.Id)));
    }

    [Fact]
    public async Task A_role_that_requires_two_factor_authentication_redirects_to_its_setup()
    {
        var role = await app.CreateRoleAsync("users.read");
        var user = await app.CreateUserAsync(null, TestData.Password, role);
        await using var admin = await BrowserSession.StartAsync(chromium, app);
        await admin.SignInAsync();
        await admin.OpenPageAsync("/settings?section=2fa");
        await admin.Page.GetByLabel(role, new() { Exact = true }).CheckAsync();
        await Expect(admin.Page.Locator(".impact")).ToContainTextAsync("must set it up within 7 days");
        await admin.Page.GetByLabel("Grace period", new() { Exact = true }).FillAsync("0");
        await admin.Button("Save").ClickAsync();
        await Expect(admin.Page.Locator(".mud-dialog"))
            .ToContainTextAsync($"1 active user with {role} must use 2FA. 1 of them doesn't have it yet");
        await admin.IsAccessibleAsync();
        await admin.Button("Require 2FA").ClickAsync();
        await Expect(admin.Page.GetByText("Settings saved.")).ToBeVisibleAsync();
        await using var visitor = await BrowserSession.StartAsync(chromium, app);

        await visitor.SignInByFormAsync(user.Email!);

        await visitor.IsAtAsync("**/account/security");
        await Expect(visitor.Page.GetByText("Your role requires 2FA.")).ToBeVisibleAsync();
        await visitor.Button("Set up").ClickAsync();
        var secret = Bytes(await visitor.Page.Locator(".typed-key").InnerTextAsync());
        await visitor.Button("Continue").ClickAsync();
        await visitor.Page.GetByLabel("Authentication code").FillAsync(Totp.CodeOf(secret, Totp.StepAt(app.Clock.GetUtcNow())));
        await visitor.Button("Turn on").ClickAsync();
        await visitor.Button("I have stored them").ClickAsync();
        await visitor.OpenPageAsync("/users");
        await Expect(visitor.Page.GetByRole(AriaRole.Heading, new() { Name = "Users" })).ToBeVisibleAsync();
        using var caller = await app.SignInAdminAsync();
        (await caller.SendAsync(HttpMethod.Put, "/api/settings", new SystemSettings())).Is(200);
    }
}
