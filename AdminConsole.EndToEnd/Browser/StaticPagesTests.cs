using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace AdminConsole.EndToEnd.Browser;

/// <summary>The pages that work without a circuit.</summary>
public sealed class StaticPagesTests(Chromium chromium, SqliteApp app) : IClassFixture<SqliteApp>
{
    [Fact]
    public async Task The_sign_in_page_shows_the_password_on_request_and_warns_of_caps_lock()
    {
        await using var visitor = await BrowserSession.StartAsync(chromium, app);
        await visitor.Page.GotoAsync("/login");
        var password = visitor.Page.GetByLabel("Password");
        var show = visitor.Page.Locator("[data-show-password]");

        await password.FillAsync("a secret");
        await show.ClickAsync();
        await Expect(password).ToHaveAttributeAsync("type", "text");
        await Expect(show).ToHaveTextAsync("Hide password");
        await Expect(password).ToBeFocusedAsync();
        await visitor.IsAccessibleAsync();
        await show.ClickAsync();
        await Expect(password).ToHaveAttributeAsync("type", "password");

        await password.DispatchEventAsync(
            "keydown",
            new
            {
                key = "A",
                modifierCapsLock = true,
                bubbles = true,
            }
        );
        await Expect(visitor.Page.GetByText("Caps Lock is on")).ToBeVisibleAsync();
        await password.DispatchEventAsync("keydown", new { key = "a", bubbles = true });
        await Expect(visitor.Page.GetByText("Caps Lock is on")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task A_refusal_gets_the_focus_and_marks_the_field()
    {
        await using var visitor = await BrowserSession.StartAsync(chromium, app);
        await visitor.SignInAsync();
        await visitor.Page.GotoAsync("/account/password");
        await visitor.Page.GetByLabel("Current password").FillAsync(TestData.Password);
        await visitor.Page.GetByLabel("New password").FillAsync("short");
        await visitor.Button("Change password").ClickAsync();

        await Expect(visitor.Page.GetByRole(AriaRole.Alert)).ToBeFocusedAsync();
        await Expect(visitor.Page.GetByLabel("New password")).ToHaveAttributeAsync("aria-invalid", "true");
        await Expect(visitor.Page.GetByLabel("New password"))
            .ToHaveAttributeAsync("aria-describedby", "error-summary Form-NewPassword-hint");
        await Expect(visitor.Page.Locator("#error-summary")).ToContainTextAsync("Use 12 to 128 characters");
        await visitor.IsAccessibleAsync();
    }

    [Theory]
    [InlineData("/login")]
    [InlineData("/forgot-password")]
    [InlineData("/reset-password")]
    [InlineData("/invitation")]
    [InlineData("/not-me")]
    [InlineData("/confirm-email?email=ana%40example.com&token=x")]
    [InlineData("/nothing-here")]
    public async Task No_component_library_is_loaded_and_the_page_fits_a_phone(string path)
    {
        await using var visitor = await BrowserSession.StartAsync(chromium, app, width: 390, height: 844, scheme: ColorScheme.Dark);
        var loaded = new List<string>();
        visitor.Page.Request += (_, request) => loaded.Add(request.Url);

        await visitor.Page.GotoAsync(path);

        await visitor.Page.GetByRole(AriaRole.Heading, new() { Level = 1 }).WaitForAsync();
        Assert.DoesNotContain(
            loaded,
            url => url.Contains("MudBlazor", StringComparison.OrdinalIgnoreCase) || url.Contains("blazor.web", StringComparison.Ordinal)
        );
        Assert.True(
            await visitor.Page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth"),
            "The page is wider than the screen."
        );
        await visitor.IsAccessibleAsync();
    }

    [Fact]
    public async Task Without_script_the_sign_in_works_and_offers_nothing_that_needs_it()
    {
        using var client = new HttpClient { BaseAddress = app.Root };
        var page = await client.GetStringAsync("/login");

        Assert.Contains("data-show-password hidden", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<script>", page, StringComparison.Ordinal);
    }
}
