using System.Collections.Concurrent;
using AdminConsole.Core.Contracts;
using AdminConsole.EndToEnd.Cli;
using static Microsoft.Playwright.Assertions;

namespace AdminConsole.EndToEnd.Browser;

/// <summary>Two nodes behind nginx, of which one is killed and the other shut down, unnoticed by the users.</summary>
public sealed class ClusterJourney(Chromium chromium) : IAsyncLifetime
{
    // The browser logs lost connections by itself.
    private static readonly string[] Losses =
    [
        "Connection disconnected",
        "Circuit not initialized",
        "No interop methods are registered",
        "WebSocket",
        "Failed to start the transport",
        "Failed to complete negotiation",
        "Failed to start the connection",
        "Failed to load resource",
    ];

    private Cluster cluster = default!;
    private ApiClient admin = default!;

    public async ValueTask InitializeAsync()
    {
        cluster = await Cluster.UpAsync();
        admin = new ApiClient(cluster.Root);
        (await admin.PostAsync("/api/auth/setup", new { email = TestData.AdminEmail, password = TestData.Password })).Is(200);
    }

    public async ValueTask DisposeAsync()
    {
        admin?.Dispose();
        await cluster.DisposeAsync();
    }

    private async Task<BrowserSession> VisitorAsync(string node, string login)
    {
        var visitor = await BrowserSession.StartAsync(chromium, cluster.Root, cookies: await cluster.RouteToAsync(node));
        Array.ForEach(Losses, visitor.IgnoreErrors);
        return await visitor.SignInByFormAsync(login);
    }

    [Fact]
    public async Task An_operation_on_one_node_applies_on_the_other_and_neither_crash_nor_shutdown_loses_anything()
    {
        var user = (await admin.PostAsync("/api/users", TestData.User(TestData.Email("left"), TestData.Password)))
            .Is(201)
            .As<UserDetails>();
        using var shell = new Shell(cluster.Root);
        (await shell.RunAsync("login", "--code", (await admin.PostAsync("/api/auth/cli-code")).Is(200).As<CliCode>().Code)).Is(0);
        await using var here = await VisitorAsync("a", TestData.AdminEmail);
        await using var writing = await VisitorAsync("a", TestData.AdminEmail);
        await using var there = await VisitorAsync("b", user.Email!);

        // A change on one node is shown on the other.
        await here.OpenPageAsync("/users?search=left&sort=-email");
        await here.Page.GetByLabel($"Actions for {user.Email}").ClickAsync();
        await here.MenuItem("Deactivate").ClickAsync();
        await there.IsAtAsync("**/login?*reason=deactivated*");

        // One node is killed while both are in use.
        await writing.OpenPageAsync("/users?search=left");
        await writing.Button("New user").ClickAsync();
        await writing.Page.GetByLabel("Email", new() { Exact = true }).FillAsync("half@example.com");
        var acknowledged = new ConcurrentBag<string>();
        using var enough = new CancellationTokenSource();
        var changing = Task.WhenAll(Enumerable.Range(0, 8).Select(number => ChangeAsync($"route-{number}", acknowledged, enough.Token)));
        await AdminApp.UntilAsync(() => Task.FromResult(acknowledged.Count >= 20), "changes are under way");
        await cluster.DoAsync("kill", "a");
        var before = acknowledged.Count;
        await AdminApp.UntilAsync(() => Task.FromResult(acknowledged.Count >= before + 20), "changes go on");
        await enough.CancelAsync();
        await changing;

        // Its pages continue on the other node at the same address, without overwriting edits.
        await Expect(here.Row(user.Email!)).ToContainTextAsync("Deactivated");
        Assert.EndsWith("/users?search=left&sort=-email", here.Page.Url, StringComparison.Ordinal);
        await here.Page.Locator("[data-interactive=true]").WaitForAsync();
        await Expect(writing.Page.GetByText("This page was disconnected")).ToBeVisibleAsync();
        await Expect(writing.Page.GetByLabel("Email", new() { Exact = true })).ToHaveValueAsync("half@example.com");
        await writing.Button("reload the page").ClickAsync();
        await Expect(writing.Row(user.Email!)).ToHaveCountAsync(1);
        (await shell.RunAsync("users", "show", user.Email!)).Is(0);

        // The other node is shut down once the first is running again.
        await cluster.DoAsync("start", "a");
        await here.Page.EvaluateAsync("() => { window.isOfStoppedNode = true }");
        await cluster.DoAsync("stop", "b");
        // A click during the move would be lost with the node.
        await here.Page.WaitForFunctionAsync("() => !window.isOfStoppedNode && document.querySelector('[data-interactive=true]')");
        await here.Page.GetByLabel($"Actions for {user.Email}").ClickAsync(new() { Timeout = 30_000 });
        await here.MenuItem("Reactivate").ClickAsync();
        await Expect(here.Row(user.Email!)).ToContainTextAsync("Active");
        // The page shows the new state immediately and sends the request meanwhile.
        await AdminApp.UntilAsync(
            async () =>
                (await shell.RunAsync("users", "show", user.Email!, "--json"))
                    .Is(0)
                    .Output.Replace(" ", "", StringComparison.Ordinal)
                    .Contains("\"active\":true", StringComparison.Ordinal),
            "the other node has made the user active"
        );

        Assert.True((await admin.GetAsync("/api/audit/verify")).Is(200).As<AuditVerification>().Valid);
        var exported = (await shell.RunAsync("users", "export", "--search", "kept-")).Is(0).Output;
        Assert.All(acknowledged, email => Assert.Contains(email, exported, StringComparison.Ordinal));
    }

    private async Task ChangeAsync(string route, ConcurrentBag<string> acknowledged, CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            var email = TestData.Email("kept");
            var answer = await admin.PostAsync("/api/users", new { email }, ("Cookie", $"route={route}"));
            // nginx cannot know whether a killed node made the change, and does not send it again.
            Assert.True(answer.Status is 201 or 502, $"{answer.Status} {answer.Text}");
            if (answer.Status == 201)
            {
                acknowledged.Add(email);
            }
        }
    }
}
