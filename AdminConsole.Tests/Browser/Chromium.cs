using Microsoft.Playwright;

namespace AdminConsole.Tests.Browser;

/// <summary>One Chromium for all journeys; each gets a context, that is a browser of its own.</summary>
public sealed class Chromium : IAsyncLifetime
{
    private IPlaywright? playwright;
    private IBrowser? browser;

    public async Task InitializeAsync()
    {
        playwright = await Playwright.CreateAsync();
        browser = await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = "/usr/bin/chromium",
            Args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
        });
    }

    /// <summary>A browser of its own: no cookies but those it gets.</summary>
    public async Task<Visitor> VisitAsync(AdminApp app) => new(await browser!.NewContextAsync(new BrowserNewContextOptions
    {
        // localhost, not 127.0.0.1: what wants a secure context works there.
        BaseURL = $"http://localhost:{app.Root.Port}",
        ViewportSize = new ViewportSize { Width = 1440, Height = 900 },
    }));

    public async Task DisposeAsync()
    {
        await (browser?.CloseAsync() ?? Task.CompletedTask);
        playwright?.Dispose();
    }
}

[CollectionDefinition(nameof(Journeys))]
public sealed class Journeys : ICollectionFixture<Chromium>;
