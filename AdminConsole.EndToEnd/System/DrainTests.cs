using System.Collections.Concurrent;
using System.Net.Sockets;
using AdminConsole.Core.Common;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.EndToEnd.System;

/// <summary>Graceful shutdown as clients see it.</summary>
public sealed class DrainTests
{
    private const int EndedBySignal = 128 + 15;

    private static async Task<(ServerProcess Server, ApiClient Admin)> StartAsync(TestDatabase database, int drainSeconds)
    {
        var server = ServerProcess.Start(
            database.Folder,
            ("Database:Provider", $"{database.Provider}"),
            ("ConnectionStrings:Console", database.ConnectionString),
            ("Shutdown:DrainSeconds", $"{drainSeconds}")
        );
        var admin = new ApiClient(await server.ListeningAsync());
        (await admin.PostAsync("/api/auth/setup", new { email = TestData.AdminEmail, password = TestData.Password })).Is(200);
        return (server, admin);
    }

    [Fact]
    public async Task During_shutdown_the_server_is_not_ready_but_responds_until_the_second_signal()
    {
        await using var database = await TestDatabase.CreateAsync(DatabaseProvider.Sqlite);
        var (server, admin) = await StartAsync(database, drainSeconds: 3600);
        using var both = server;
        using var caller = admin;
        Assert.Equal("Healthy", (await admin.GetAsync("/health/ready")).Is(200).Text);
        Assert.Empty((await admin.GetAsync("/api/users")).Is(200).Headers["Connection"]);

        server.Terminate();

        await AdminApp.UntilAsync(async () => (await admin.GetAsync("/health/ready")).Status == 503, "it is not ready");
        Assert.Equal("draining", (await admin.GetAsync("/health/ready")).Text);
        (await admin.GetAsync("/health/live")).Is(200);
        (await admin.PostAsync("/api/users", TestData.User())).Is(201);
        Assert.Equal(["close"], (await admin.GetAsync("/api/users")).Is(200).Headers["Connection"]);
        server.Terminate();
        Assert.Equal(EndedBySignal, await server.EndedAsync());
    }

    [Theory, OnBoth]
    public async Task Shutdown_completes_accepted_changes_and_closes_audit_streams(DatabaseProvider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var (server, admin) = await StartAsync(database, drainSeconds: 1);
        using var both = server;
        using var caller = admin;
        using var following = new HttpClient(new SocketsHttpHandler { CookieContainer = admin.Cookies, UseProxy = false })
        {
            BaseAddress = admin.Root,
        };
        using var log = new StreamReader(await following.GetStreamAsync("/api/audit/stream"));
        var acknowledged = new ConcurrentBag<string>();
        var changing = Task.WhenAll(Enumerable.Range(0, 8).Select(_ => ChangeAsync(admin, acknowledged)));
        await AdminApp.UntilAsync(() => Task.FromResult(acknowledged.Count >= 8), "changes are under way");

        server.Terminate();
        await changing;
        await log.ReadToEndAsync();

        Assert.Equal(0, await server.EndedAsync());
        var output = server.Output[server.Output.IndexOf("Draining. The server stops", StringComparison.Ordinal)..];
        Assert.False(output.Contains("fail:", StringComparison.Ordinal), output);
        await using var app = await AdminApp.StartAsync(provider, database);
        var created = await app.ReadAsync(db => db.Users.Select(user => user.Email!).ToListAsync());
        Assert.Empty(acknowledged.Except(created));
    }

    // Sends changes until the server refuses connections.
    private static async Task ChangeAsync(ApiClient admin, ConcurrentBag<string> acknowledged)
    {
        while (true)
        {
            var email = TestData.Email("drained");
            try
            {
                (await admin.PostAsync("/api/users", new { email })).Is(201);
                acknowledged.Add(email);
            }
            catch (HttpRequestException refused) when (refused.InnerException is SocketException or IOException)
            {
                return;
            }
        }
    }
}
