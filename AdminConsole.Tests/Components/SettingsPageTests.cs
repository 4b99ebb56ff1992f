using AdminConsole.Components.Pages.Settings;
using AdminConsole.Core.Changes;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Data;
using AdminConsole.Core.Security;
using AdminConsole.Core.Settings;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Logging.Abstractions;

namespace AdminConsole.Tests.Components;

/// <summary>Saving on the settings page.</summary>
public sealed class SettingsPageTests(SqliteApp app) : ControlContext, IClassFixture<SqliteApp>
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_concurrent_save_is_not_overwritten_without_a_notification()
    {
        var page = await OpenAsync(SettingSections.Tokens);
        await TypeAsync(page, "tokenMaximumDays", "300");
        using var other = await app.SignInAdminAsync();
        var changed = (await other.GetAsync("/api/settings")).Is(200).As<SystemSettings>() with { TokenDefaultDays = 60 };
        (await other.SendAsync(HttpMethod.Put, "/api/settings", changed)).Is(200);

        await page.InvokeAsync(() => page.Find("form").SubmitAsync());

        page.WaitForAssertion(
            () => Assert.StartsWith("Someone else changed these settings.", page.Find(".note.warning").TextContent.Trim()),
            Timeout
        );
        var saved = (await other.GetAsync("/api/settings")).Is(200).As<SystemSettings>();
        Assert.Equal((60, 365), (saved.TokenDefaultDays, saved.TokenMaximumDays));
    }

    [Fact]
    public async Task An_invalid_field_gets_the_focus_at_each_attempt_before_any_confirmation()
    {
        var page = await OpenAsync(SettingSections.Audit);
        await TypeAsync(page, "auditRetentionDays", "10");
        var input = page.Find("#setting-auditRetentionDays");
        Assert.Equal("Enter at least 30 days, or 0 to keep all events.", page.Find(".problem").TextContent);
        Assert.Contains(page.Find(".problem").Id!, input.GetAttribute("aria-describedby")!.Split(' '));

        for (var attempt = 1; attempt <= 2; attempt++)
        {
            await page.InvokeAsync(() => page.Find("form").SubmitAsync());
            page.WaitForAssertion(() => JSInterop.VerifyFocusAsyncInvoke(attempt), Timeout);
        }

        Assert.Empty(Dialogs.FindAll("[role=dialog]"));
    }

    private static Task TypeAsync(IRenderedComponent<SettingsPage> page, string setting, string text) =>
        page.InvokeAsync(() => page.Find($"#setting-{setting}").Change(text));

    // Opens the page without change notifications, as if the change had just been made.
    private async Task<IRenderedComponent<SettingsPage>> OpenAsync(string section)
    {
        var session = await AppServices.SessionAsync(app, TestData.AdminEmail);
        AppServices.Of(this, app, new AppServices.SignedIn(session)).Add<SettingsStore>();
        Services.AddSingleton(new ChangeFeed(NullLogger<ChangeFeed>.Instance));
        Services.AddScoped<SettingsSaving>();
        var actor = await app.RunAsync<ActorResolver, Actor?>(actors =>
            actors.BySessionAsync(session, new ClientInfo(null, null, "test"), default)
        );
        _ = Dialogs;
        Services.GetRequiredService<NavigationManager>().NavigateTo(Urls.SettingsOf(section));
        var page = Render<SettingsPage>(part => part.AddCascadingValue(actor!));
        page.WaitForElement("form", Timeout);
        return page;
    }
}
