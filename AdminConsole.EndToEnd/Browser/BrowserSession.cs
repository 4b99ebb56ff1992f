using System.Text.RegularExpressions;
using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

[assembly: AssemblyFixture(typeof(AdminConsole.EndToEnd.Browser.Chromium))]

namespace AdminConsole.EndToEnd.Browser;

/// <summary>The Chromium that all journeys share. They run in parallel, each in a separate profile.</summary>
public sealed class Chromium : IAsyncDisposable
{
    internal const int TimeoutMilliseconds = 150_000;

    private static readonly string[] Flags =
    [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
    ];

    private readonly Lazy<Task<(IPlaywright Playwright, IBrowser Browser)>> started = new(async () =>
    {
        // Waits long for conditions, because the machine may be busy.
        Assertions.SetDefaultExpectTimeout(TimeoutMilliseconds);
        var playwright = await Playwright.CreateAsync();
        return (
            playwright,
            await playwright.Chromium.LaunchAsync(new() { ExecutablePath = "/usr/bin/chromium-headless-shell", Args = Flags })
        );
    });

    /// <summary>Starts the browser on first use, so that other tests do not wait for it.</summary>
    public async Task<IBrowser> BrowserAsync() => (await started.Value).Browser;

    public async ValueTask DisposeAsync()
    {
        if (started.IsValueCreated)
        {
            var (playwright, browser) = await started.Value;
            await browser.DisposeAsync();
            playwright.Dispose();
        }
    }
}

/// <summary>A browser profile. Every console error, above all a violation of the content security policy, fails the
/// journey on disposal.</summary>
public sealed class BrowserSession : IAsyncDisposable
{
    // All sessions share the one clipboard of the browser.
    private static readonly SemaphoreSlim Clipboard = new(1, 1);

    private readonly IBrowserContext context;
    private readonly List<string> complaints = [];
    private readonly List<string> ignored = [];

    private BrowserSession(IBrowserContext context, IPage page)
    {
        (this.context, Page) = (context, page);
        page.PageError += (_, error) => complaints.Add(error);
        page.Console += (_, message) =>
        {
            // The browser logs the error status of a refused form, which is expected.
            if (
                message.Type == "error"
                && !message.Text.StartsWith("Failed to load resource: the server responded with a status of 4", StringComparison.Ordinal)
            )
            {
                complaints.Add(message.Text);
            }
        };
    }

    public IPage Page { get; }

    public static Task<BrowserSession> StartAsync(
        Chromium chromium,
        AdminApp app,
        int width = 1440,
        int height = 900,
        ColorScheme scheme = ColorScheme.Light
    ) => StartAsync(chromium, app.Root, width, height, scheme);

    public static async Task<BrowserSession> StartAsync(
        Chromium chromium,
        Uri root,
        int width = 1440,
        int height = 900,
        ColorScheme scheme = ColorScheme.Light,
        params Cookie[] cookies
    )
    {
        var profile = await (await chromium.BrowserAsync()).NewContextAsync(
            new()
            {
                BaseURL = root.ToString(),
                ViewportSize = new() { Width = width, Height = height },
                ColorScheme = scheme,
                ReducedMotion = ReducedMotion.Reduce,
                TimezoneId = "UTC",
            }
        );
        profile.SetDefaultTimeout(Chromium.TimeoutMilliseconds);
        await profile.GrantPermissionsAsync(["clipboard-read", "clipboard-write"]);
        await profile.AddCookiesAsync(cookies);
        return new BrowserSession(profile, await profile.NewPageAsync());
    }

    /// <summary>Signs in with the requests of the form, without opening a page.</summary>
    public async Task<BrowserSession> SignInAsync(string login = TestData.AdminEmail, string password = TestData.Password)
    {
        var answer = await context.APIRequest.PostAsync(
            "/api/auth/login",
            new()
            {
                DataObject = new { login, password },
                Headers = new Dictionary<string, string> { ["Sec-Fetch-Site"] = "same-origin" },
            }
        );
        Assert.True(answer.Ok, $"{answer.Status}: {await answer.TextAsync()}");
        return this;
    }

    /// <summary>Signs in with the form, which redirects to the overview.</summary>
    public async Task<BrowserSession> SignInByFormAsync(string login = TestData.AdminEmail, string password = TestData.Password)
    {
        await Page.GotoAsync("/login");
        await Page.GetByLabel("Email or username").FillAsync(login);
        await Page.GetByLabel("Password").FillAsync(password);
        await Page.GetByRole(AriaRole.Button, new() { Name = "Sign in", Exact = true }).ClickAsync();
        await IsSignedInAsync();
        await Page.GetByRole(AriaRole.Heading, new() { Level = 1 }).WaitForAsync();
        return this;
    }

    /// <summary>Opens a page and waits until its circuit has rendered it.</summary>
    public async Task OpenPageAsync(string path)
    {
        await Page.GotoAsync(path);
        await Page.GetByRole(AriaRole.Heading, new() { Level = 1 }).WaitForAsync();
        // Input before the circuit is connected would be lost.
        await Page.Locator("[data-interactive=false]").WaitForAsync(new() { State = WaitForSelectorState.Detached });
    }

    /// <summary>Waits until the address matches the glob. Polls, because waiting for the next navigation would miss one
    /// that has already happened.</summary>
    public Task IsAtAsync(string glob) =>
        Expect(Page).ToHaveURLAsync(Pattern($"^{Regex.Escape(glob).Replace(@"\*", ".*", StringComparison.Ordinal)}$"));

    public Task IsSignedInAsync() => Expect(Page).Not.ToHaveURLAsync(Pattern("/login"));

    /// <summary>Opens the account menu, whose entries are links and buttons.</summary>
    public Task OpenAccountMenuAsync() => Page.Locator(".account-menu summary").ClickAsync();

    public async Task SignOutAsync()
    {
        await OpenAccountMenuAsync();
        await Button("Sign out").ClickAsync();
    }

    public ILocator Button(string name) => Page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });

    /// <summary>Clicks a copy button and returns the content of the clipboard.</summary>
    public Task<string> CopyAsync(ILocator copying) => CopyAsync(() => copying.ClickAsync());

    /// <summary>Runs an action that copies, and returns the content of the clipboard.</summary>
    public async Task<string> CopyAsync(Func<Task> copying)
    {
        await Clipboard.WaitAsync();
        try
        {
            await copying();
            await Expect(Page.GetByText("Copied", new() { Exact = true })).ToBeVisibleAsync();
            return await Page.EvaluateAsync<string>("navigator.clipboard.readText()");
        }
        finally
        {
            Clipboard.Release();
        }
    }

    /// <summary>The rows of the grid.</summary>
    public ILocator Rows => Page.Locator("tbody tr.mud-table-row");

    /// <summary>An entry of the open menu.</summary>
    public ILocator MenuItem(string name) =>
        Page.Locator(".mud-popover-open").GetByRole(AriaRole.Menuitem, new() { Name = name, Exact = true });

    /// <summary>The row of the grid that contains this text.</summary>
    public ILocator Row(string text) => Page.Locator("tbody tr.mud-table-row").Filter(new() { HasText = text });

    /// <summary>Fails if axe reports a serious violation.</summary>
    public async Task IsAccessibleAsync()
    {
        var found = (await Page.RunAxe()).Violations.Where(violation => violation.Impact is "serious" or "critical").ToList();
        Assert.True(found.Count == 0, $"{Page.Url}\n{string.Join('\n', found.Select(Describe))}");
    }

    /// <summary>Ignores console errors that contain this text, because the journey causes them on purpose.</summary>
    public void IgnoreErrors(string part) => ignored.Add(part);

    public async ValueTask DisposeAsync()
    {
        await context.DisposeAsync();
        complaints.RemoveAll(complaint => ignored.Exists(part => complaint.Contains(part, StringComparison.Ordinal)));
        Assert.True(complaints.Count == 0, string.Join('\n', complaints));
    }

    private static Regex Pattern(string pattern) => new(pattern, RegexOptions.None, TimeSpan.FromSeconds(1));

    private static string Describe(AxeResultItem violation) =>
        $"{violation.Id}: {violation.Help}: {string.Join("; ", violation.Nodes.Take(3).Select(node => node.Html))}";
}
