using System.Collections.Concurrent;
using AdminConsole.Core.Contracts;
using AdminConsole.EndToEnd.Cli;
using static Microsoft.Playwright.Assertions;

namespace AdminConsole.EndToEnd.Browser;

/// <summary>Two nodes behind nginx, one of which is killed and the other stopped in order: nobody has to
/// know.</summary>
public sealed class ClusterJourney(Chromium chromium) : IAsyncLifetime
{
    // The browser itself mentions what happens to its connections.
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
        var visitor = await BrowserSession.ComeAsync(chromium, cluster.Root, cookies: await cluster.RouteToAsync(node));
        Array.ForEach(Losses, visitor.Forgive);
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

        // What is done on one node is known on the other.
        await here.GoAsync("/users?search=left&sort=-email");
        await here.Page.GetByLabel($"Actions for {user.Email}").ClickAsync();
        await here.MenuItem("Deactivate").ClickAsync();
        await there.IsAtAsync("**/login?*reason=deactivated*");

        // One is killed while both are at work.
        await writing.GoAsync("/users?search=left");
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

        // Its pages go on at the other, where they were; not over what is being written.
        await Expect(here.Row(user.Email!)).ToContainTextAsync("Deactivated");
        Assert.EndsWith("/users?search=left&sort=-email", here.Page.Url, StringComparison.Ordinal);
        await here.Page.Locator("[data-interactive=true]").WaitForAsync();
        await Expect(writing.Page.GetByText("This page was disconnected")).ToBeVisibleAsync();
        await Expect(writing.Page.GetByLabel("Email", new() { Exact = true })).ToHaveValueAsync("half@example.com");
        await writing.Button("reload the page").ClickAsync();
        await Expect(writing.Row(user.Email!)).ToHaveCountAsync(1);
        (await shell.RunAsync("users", "show", user.Email!)).Is(0);

        // The other is stopped in order once the first is back.
        await cluster.DoAsync("start", "a");
        await here.Page.EvaluateAsync("() => { window.isOfStoppedNode = true }");
        await cluster.DoAsync("stop", "b");
        // A click in the moment of moving would be lost with the node.
        await here.Page.WaitForFunctionAsync("() => !window.isOfStoppedNode && document.querySelector('[data-interactive=true]')");
        await here.Page.GetByLabel($"Actions for {user.Email}").ClickAsync(new() { Timeout = 30_000 });
        await here.MenuItem("Reactivate").ClickAsync();
        await Expect(here.Row(user.Email!)).ToContainTextAsync("Active");
        // The page shows the wish at once, and the server is asked meanwhile.
        await AdminApp.UntilAsync(
            async () =>
                (await shell.RunAsync("users", "show", user.Email!, "--json"))
                    .Is(0)
                    .Output.Replace(" ", "", StringComparison.Ordinal)
                    .Contains("\"active\":true", StringComparison.Ordinal),
            "the other node has made the user active"
        );

        Assert.True((await admin.GetAsync("/api/audit/verify")).Is(200).As<AuditVerification>().Valid);
        var kept = (await shell.RunAsync("users", "export", "--search", "kept-")).Is(0).Output;
        Assert.All(acknowledged, email => Assert.Contains(email, kept, StringComparison.Ordinal));
    }

    private async Task ChangeAsync(string route, ConcurrentBag<string> acknowledged, CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            var email = TestData.Email("kept");
            var answer = await admin.PostAsync("/api/users", new { email }, ("Cookie", $"route={route}"));
            // Whether a change that was sent to a node that is killed was made, nginx cannot know, and does not send it
            // again.
            Assert.True(answer.Status is 201 or 502, $"{answer.Status} {answer.Text}");
            if (answer.Status == 201)
            {
                acknowledged.Add(email);
            }
        }
    }
}
