using AdminConsole.Core.Common;
using AdminConsole.Tests.Audit;
using Microsoft.Playwright;

namespace AdminConsole.EndToEnd.Browser;

/// <summary>An app with a few thousand events, one per second, and helpers for its audit page.</summary>
public sealed class LongLog() : AdminApp(DatabaseProvider.Sqlite)
{
    public const int Events = 4000;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await this.AddEventsAsync(Events, details: """{"changes":[{"field":"displayName","old":"a","new":"b"}]}""");
    }

    /// <summary>Opens the page as an operator and waits for the first events.</summary>
    internal async Task<BrowserSession> OperatorAsync(Chromium chromium, string path = "/audit")
    {
        var person = await this.SignedInUserAsync("Operator");
        var visitor = await BrowserSession.StartAsync(chromium, this);
        await visitor.SignInAsync(person.Email);
        await visitor.OpenPageAsync(path);
        await visitor.Events().First.WaitForAsync();
        return visitor;
    }
}

/// <summary>The parts of the audit page.</summary>
internal static class AuditPageParts
{
    public static ILocator Events(this BrowserSession visitor) => visitor.Page.Locator("tr[data-id]");

    public static ILocator Scroller(this BrowserSession visitor) => visitor.Page.Locator(".event-scroll .mud-table-container");

    public static ILocator FilterMenu(this BrowserSession visitor, string name) =>
        visitor.Page.Locator(".filter-menu > summary", new() { HasText = name });

    public static async Task<List<long>> EventIdsAsync(this BrowserSession visitor)
    {
        var ids = await visitor.Page.EvaluateAsync<string[]>("[...document.querySelectorAll('tr[data-id]')].map(row => row.dataset.id)");
        return [.. ids.Select(long.Parse)];
    }
}
