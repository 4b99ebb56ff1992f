using AdminConsole.Core.Demo;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace AdminConsole.EndToEnd.Browser;

/// <summary>Takes screenshots of every page at three widths in both themes, with demonstration data, in the folder that
/// <c>SCREENSHOTS</c> names. They test nothing and are not part of the suite: <c>scripts/screenshots.sh</c> creates
/// them.</summary>
public sealed class Screenshots(Chromium chromium, SqliteApp app) : IClassFixture<SqliteApp>
{
    private static readonly (int Width, int Height)[] Sizes = [(1440, 900), (1024, 768), (390, 844)];

    private static readonly string[] Pages =
    [
        "/",
        "/users",
        "/roles",
        "/sessions",
        "/tokens",
        "/audit",
        "/system",
        "/settings",
        "/settings/providers",
        "/settings/providers/new",
        "/account/profile",
        "/account/security",
        "/account/tokens",
        "/account/sessions",
        "/install",
        "/device",
        "/account/password",
    ];

    [Fact(Explicit = true)]
    public async Task Make()
    {
        await app.RunAsync<DemoData, DemoProgress>(async demo => (await demo.AddAsync(715, 20_000, _ => { }, default)).Value);
        foreach (var scheme in new[] { ColorScheme.Light, ColorScheme.Dark })
        {
            foreach (var (width, height) in Sizes)
            {
                await using var visitor = await BrowserSession.StartAsync(chromium, app, width, height, scheme);
                await visitor.Page.GotoAsync("/login");
                await SaveAsync(visitor, "sign-in", width, scheme);
                await visitor.SignInAsync();
                foreach (var page in Pages)
                {
                    await visitor.OpenPageAsync(page);
                    await SaveAsync(visitor, page == "/" ? "overview" : page.Trim('/').Replace('/', '-'), width, scheme);
                }

                await RevealAsync(visitor, width, scheme);
                await OpenFirstAsync(visitor, "/users", "user", width, scheme);
                await OpenFirstAsync(visitor, "/audit", "event", width, scheme);
            }
        }
    }

    private static async Task RevealAsync(BrowserSession visitor, int width, ColorScheme scheme)
    {
        await visitor.OpenPageAsync("/account/tokens");
        await visitor.Page.Locator("[data-new]").ClickAsync();
        await visitor.Page.GetByLabel("Name", new() { Exact = true }).FillAsync("Nightly backup");
        await SaveAsync(visitor, "token-new", width, scheme);
        await visitor.Page.Locator(".mud-dialog button[type=submit]").ClickAsync();
        await Expect(visitor.Button("I have stored it")).ToBeVisibleAsync();
        await SaveAsync(visitor, "token-reveal", width, scheme);
        await visitor.Button("I have stored it").ClickAsync();
    }

    private static async Task OpenFirstAsync(BrowserSession visitor, string page, string name, int width, ColorScheme scheme)
    {
        await visitor.OpenPageAsync(page);
        await visitor.Page.Locator("[data-grid] tbody [data-open], .event-table tbody tr").First.ClickAsync();
        await Expect(visitor.Page.Locator("aside")).ToBeVisibleAsync();
        await SaveAsync(visitor, name, width, scheme);
    }

    private static async Task SaveAsync(BrowserSession visitor, string name, int width, ColorScheme scheme)
    {
        await visitor.Page.WaitForLoadStateAsync(LoadState.NetworkIdle);
        var file = Path.Combine(
            Environment.GetEnvironmentVariable("SCREENSHOTS") ?? "screenshots",
            $"{name}-{width}-{scheme.ToString().ToLowerInvariant()}.png"
        );
        await visitor.Page.ScreenshotAsync(new() { Path = file });
    }
}
