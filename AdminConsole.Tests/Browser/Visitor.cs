using System.Collections.Concurrent;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace AdminConsole.Tests.Browser;

/// <summary>A person at a browser. Whatever the browser complains about, a refused script above all, fails the journey when it ends.</summary>
public sealed class Visitor(IBrowserContext context) : IAsyncDisposable
{
    private static readonly string[] Serious = ["serious", "critical"];

    private readonly ConcurrentQueue<string> complaints = new();

    /// <summary>Opens a page of the console.</summary>
    public async Task<IPage> OpenAsync(string path)
    {
        var page = await context.NewPageAsync();
        page.Console += (_, message) =>
        {
            // Chromium reports each answer of 4xx as an error; refusing is what some journeys are about.
            if (message.Type == "error" && !message.Text.StartsWith("Failed to load resource: the server responded with a status of 4", StringComparison.Ordinal))
            {
                complaints.Enqueue(message.Text);
            }
        };
        page.PageError += (_, error) => complaints.Enqueue(error);
        await page.GotoAsync(path);
        return page;
    }

    /// <summary>Fails on whatever axe finds serious.</summary>
    public static async Task IsAccessibleAsync(IPage page)
    {
        var found = (await page.RunAxe()).Violations.Where(violation => Serious.Contains(violation.Impact));

        Assert.Empty(found.Select(violation => $"{violation.Id}: {violation.Help} {string.Join(", ", violation.Nodes.Select(node => node.Html))}"));
    }

    /// <summary>Fails if the browser complained about anything so far: a violation of the content security policy, an error in a script.</summary>
    public void HasNoComplaints() => Assert.Empty(complaints);

    public ValueTask DisposeAsync() => new(context.CloseAsync());
}
