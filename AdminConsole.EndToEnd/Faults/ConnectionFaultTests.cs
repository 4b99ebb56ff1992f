using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using AdminConsole.Core.Common;

namespace AdminConsole.EndToEnd.Faults;

/// <summary>Clients that send slowly, hold connections, or open many.</summary>
public sealed class ConnectionFaultTests
{
    [Fact]
    public async Task Two_hundred_slow_header_connections_block_no_other_request_and_are_closed()
    {
        await using var app = await AdminApp.StartAsync(DatabaseProvider.Sqlite);
        using var caller = app.Anonymous();
        var slow = await Task.WhenAll(
            Enumerable
                .Range(0, 200)
                .Select(async _ => await SendAsync(app.Root, "GET /api/auth/me HTTP/1.1\r\nHost: localhost\r\nX-Slow: a"))
        );

        (await caller.GetAsync("/health/ready")).Is(200);
        (await caller.GetAsync("/api/auth/setup-required")).Is(200);

        await Task.WhenAll(slow.Select(IsCutAsync));
    }

    [Fact]
    public async Task Fifty_slow_body_connections_block_no_other_request_and_are_closed()
    {
        await using var app = await AdminApp.StartAsync(DatabaseProvider.Sqlite);
        using var caller = app.Anonymous();
        var slow = await Task.WhenAll(
            Enumerable
                .Range(0, 50)
                .Select(async _ =>
                    await SendAsync(
                        app.Root,
                        "POST /api/auth/login HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: "
                            + "100000\r\n\r\n{"
                    )
                )
        );

        (await caller.GetAsync("/api/auth/setup-required")).Is(200);

        await Task.WhenAll(slow.Select(IsCutAsync));
        Assert.Empty(app.Log.Errors);
    }

    [Fact]
    public async Task Endless_headers_are_refused()
    {
        await using var app = await AdminApp.StartAsync(DatabaseProvider.Sqlite);
        using var caller = app.Anonymous();

        Assert.Equal(431, (await caller.GetAsync("/health/live", ("X-Large", new string('a', 100_000)))).Status);
        Assert.Equal(414, (await caller.GetAsync("/health/live?" + new string('a', 20_000))).Status);
    }

    [Fact]
    public async Task The_number_of_open_pages_is_limited_per_user()
    {
        await using var app = await AdminApp.StartAsync(DatabaseProvider.Sqlite, settings: ("RateLimits:OpenPages", "5"));
        var (greedy, other) = (await app.SignedInUserAsync("User"), await app.SignedInUserAsync("User"));
        var open = new List<ClientWebSocket>();
        for (var page = 0; page < 5; page++)
        {
            open.Add(await OpenAsync(greedy.Caller));
        }

        var flood = await Task.WhenAll(
            Enumerable.Range(0, 100).Select(_ => Assert.ThrowsAsync<WebSocketException>(() => OpenAsync(greedy.Caller)))
        );

        Assert.All(flood, refused => Assert.Contains("429", refused.Message, StringComparison.Ordinal));
        (await greedy.Caller.PostAsync("/_blazor/negotiate?negotiateVersion=1")).Refuses(429, "rate_limited");
        (await OpenAsync(other.Caller)).Dispose();
        open[0].Abort();
        await AdminApp.UntilAsync(
            async () => (await greedy.Caller.PostAsync("/_blazor/negotiate?negotiateVersion=1")).Status == 200,
            "there is room for another page"
        );
        open.ForEach(page => page.Dispose());
    }

    [Fact]
    public async Task A_connection_with_an_invalid_protocol_is_closed_without_side_effects()
    {
        await using var app = await AdminApp.StartAsync(DatabaseProvider.Sqlite);
        var person = await app.SignedInUserAsync("User");
        using var page = await OpenAsync(person.Caller);
        await page.SendAsync(
            "{\"protocol\":\"blazorpack\",\"version\":1}\u001e"u8.ToArray(),
            WebSocketMessageType.Text,
            endOfMessage: true,
            default
        );

        await page.SendAsync(new byte[256 * 1024], WebSocketMessageType.Binary, endOfMessage: true, default);
        await Record.ExceptionAsync(async () =>
        {
            while (page.State == WebSocketState.Open)
            {
                await page.ReceiveAsync(new byte[1024].AsMemory(), new CancellationTokenSource(TimeSpan.FromSeconds(30)).Token);
            }
        });

        Assert.NotEqual(WebSocketState.Open, page.State);
        (await person.Caller.GetAsync("/api/auth/me")).Is(200);
    }

    private static async Task<ClientWebSocket> OpenAsync(ApiClient caller)
    {
        var page = new ClientWebSocket();
        page.Options.SetRequestHeader("Origin", caller.Root.GetLeftPart(UriPartial.Authority));
        await page.ConnectAsync(
            new UriBuilder(caller.Root) { Scheme = "ws", Path = "/_blazor" }.Uri,
            new HttpMessageInvoker(new SocketsHttpHandler { CookieContainer = caller.Cookies, UseProxy = false }, disposeHandler: true),
            default
        );
        return page;
    }

    private static async Task<TcpClient> SendAsync(Uri root, string text)
    {
        var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, root.Port);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(text));
        return client;
    }

    // Asserts that the server closes the connection.
    private static async Task IsCutAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                await client.GetStream().CopyToAsync(Stream.Null, new CancellationTokenSource(TimeSpan.FromSeconds(40)).Token);
            }
            catch (IOException)
            {
                // A reset closes the connection too.
            }
        }
    }
}
