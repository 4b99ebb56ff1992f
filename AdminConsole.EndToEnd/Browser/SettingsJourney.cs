using AdminConsole.Core.Common;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace AdminConsole.EndToEnd.Browser;

/// <summary>The settings, section by section.</summary>
public sealed class SettingsJourney(Chromium chromium)
{
    private static async Task<(AdminApp App, BrowserSession Admin)> OpenAsync(Chromium chromium, string path)
    {
        var app = await AdminApp.StartAsync(DatabaseProvider.Sqlite);
        await app.CreateUserAsync(TestData.AdminEmail, TestData.Password, "Admin");
        var admin = await BrowserSession.StartAsync(chromium, app);
        await admin.SignInAsync();
        await admin.OpenPageAsync(path);
        return (app, admin);
    }

    [Fact]
    public async Task An_invalid_number_is_reported_and_a_valid_one_applies_immediately()
    {
        var (app, admin) = await OpenAsync(chromium, "/settings?section=passwords");
        await using var _ = app;
        await using var __ = admin;
        var length = admin.Page.GetByLabel("Minimum password length", new() { Exact = true });

        await length.FillAsync("3");
        await length.BlurAsync();
        await Expect(admin.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("Enter a number from 12 to 64.");
        // From another section, Save navigates to the invalid field.
        await admin.Page.GetByRole(AriaRole.Link, new() { Name = "Sessions", Exact = true }).Last.ClickAsync();
        await admin.IsAtAsync("**/settings?section=sessions");
        await admin.Button("Save").ClickAsync();
        await admin.IsAtAsync("**/settings?section=passwords");
        await Expect(length).ToBeFocusedAsync();
        await admin.IsAccessibleAsync();
        await length.FillAsync("20");
        await admin.Button("Save").ClickAsync();
        await Expect(admin.Page.GetByText("Settings saved.")).ToBeVisibleAsync();

        using var caller = await app.SignInAdminAsync();
        (await caller.PostAsync("/api/users", new { email = TestData.Email(), password = "correct horse 1" })).Refuses(
            400,
            "validation_failed"
        );
        await admin.Button("Reset Minimum password length").ClickAsync();
        await Expect(length).ToHaveValueAsync("12");
    }

    [Fact]
    public async Task Sections_are_in_the_address_and_leaving_unsaved_needs_confirmation()
    {
        var (app, admin) = await OpenAsync(chromium, "/settings");
        await using var _ = app;
        await using var __ = admin;
        await Expect(admin.Page.GetByText("Emails aren't sent, only written to")).ToBeVisibleAsync();

        await admin.Page.GetByRole(AriaRole.Link, new() { Name = "Account lockout" }).ClickAsync();
        await admin.IsAtAsync("**/settings?section=lockout");
        await admin.Page.GetByLabel("Failed attempts before lockout", new() { Exact = true }).FillAsync("5");
        await admin.Page.GetByLabel("Lockout duration", new() { Exact = true }).FillAsync("30");
        await admin.Page.GetByLabel("Lockout duration", new() { Exact = true }).BlurAsync();
        await Expect(admin.Page.GetByText("2 changes")).ToBeVisibleAsync();
        await admin.Page.GoBackAsync();
        await admin.IsAtAsync("**/settings");
        await Expect(admin.Page.GetByRole(AriaRole.Heading, new() { Name = "Email delivery" })).ToBeVisibleAsync();
        await Expect(admin.Page.GetByText("2 changes")).ToBeVisibleAsync();
        await admin.Page.Locator(".drawer a[href='users']").ClickAsync();
        await Expect(admin.Page.GetByRole(AriaRole.Dialog)).ToContainTextAsync("Discard 2 changes?");
        await admin.Button("Cancel").ClickAsync();
        await admin.Button("Discard").ClickAsync();
        await Expect(admin.Page.GetByText("2 changes")).ToHaveCountAsync(0);
        await admin.Page.Locator(".drawer a[href='users']").ClickAsync();
        await admin.IsAtAsync("**/users*");
    }

    [Fact]
    public async Task Deleting_old_events_needs_confirmation()
    {
        var (app, admin) = await OpenAsync(chromium, "/settings?section=audit");
        await using var _ = app;
        await using var __ = admin;

        var retention = admin.Page.GetByLabel("Audit log retention", new() { Exact = true });
        await retention.FillAsync("10");
        await admin.Button("Save").ClickAsync();
        await Expect(admin.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("Enter at least 30 days, or 0 to keep all events.");
        await Expect(retention).ToBeFocusedAsync();
        await retention.FillAsync("90");
        await admin.Button("Save").ClickAsync();
        await Expect(admin.Page.GetByRole(AriaRole.Dialog)).ToContainTextAsync("Events older than 90 days are deleted permanently");
        await admin.IsAccessibleAsync();
        await admin.Button("Save and delete").ClickAsync();

        await Expect(admin.Page.GetByText("Settings saved.")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Every_section_is_accessible_and_fits_the_screen()
    {
        var (app, admin) = await OpenAsync(chromium, "/settings");
        await using var _ = app;
        await using var __ = admin;
        foreach (var section in new[] { "mail", "passwords", "2fa", "sessions", "lockout", "tokens", "devices", "audit" })
        {
            await admin.OpenPageAsync($"/settings?section={section}");
            foreach (var (width, scheme) in new[] { (1440, ColorScheme.Dark), (390, ColorScheme.Light) })
            {
                await admin.Page.SetViewportSizeAsync(width, 844);
                await admin.Page.EmulateMediaAsync(new() { ColorScheme = scheme });
                await admin.IsAccessibleAsync();
                var fits = await admin.Page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth");
                Assert.True(fits, $"{section} is wider than {width} pixels.");
            }
        }
    }
}
