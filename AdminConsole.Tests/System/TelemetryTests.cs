using System.Collections.Concurrent;
using System.Text;
using AdminConsole.Core.Common;

namespace AdminConsole.Tests.System;

/// <summary>Tests with a minimal collector for OTLP over HTTP.</summary>
public sealed class TelemetryTests : IAsyncLifetime
{
    private readonly ConcurrentQueue<(string Path, string Body)> received = new();
    private WebApplication collector = default!;

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        collector = builder.Build();
        collector.MapPost(
            "/v1/{kind}",
            async (HttpContext context) =>
            {
                using var body = new MemoryStream();
                await context.Request.Body.CopyToAsync(body);
                received.Enqueue((context.Request.Path, Encoding.Latin1.GetString(body.ToArray())));
            }
        );
        await collector.StartAsync();
    }

    public async ValueTask DisposeAsync() => await collector.DisposeAsync();

    [Fact]
    public async Task Metrics_and_traces_arrive_at_the_collector_without_a_secret()
    {
        await using (
            var app = await AdminApp.StartAsync(DatabaseProvider.Sqlite, settings: ("Telemetry:OtlpEndpoint", collector.Urls.First()))
        )
        {
            await app.CreateUserAsync(TestData.AdminEmail, TestData.Password, "Admin");
            using var admin = await app.SignInAdminAsync();
            (await admin.GetAsync("/api/users?search=someone-private")).Is(200);
            (await admin.PostAsync("/api/auth/login", new { login = TestData.AdminEmail, password = "not the password 1" })).Refuses(
                401,
                "invalid_credentials"
            );
            (await admin.GetAsync("/api/auth/me", ("Authorization", "Bearer acpat_nonsense"))).Is(401);
        }

        await AdminApp.UntilAsync(
            () => Task.FromResult(received.Any(one => one.Path == "/v1/metrics") && received.Any(one => one.Path == "/v1/traces")),
            "both arrived"
        );
        var metrics = string.Concat(received.Where(one => one.Path == "/v1/metrics").Select(one => one.Body));
        Assert.All(
            [
                "adminconsole.events",
                "auth.signed_in",
                "adminconsole.change.duration",
                "adminconsole.sign_ins",
                "wrong_password",
                "adminconsole.token.lookups",
                "token_malformed",
                "adminconsole.token.recalls",
                "adminconsole.hashing.duration",
                "adminconsole.hashing.queued",
                "adminconsole.circuits",
                "http.server.request.duration",
            ],
            name => Assert.Contains(name, metrics, StringComparison.Ordinal)
        );
        Assert.DoesNotContain(
            received,
            one =>
                one.Body.Contains(TestData.Password, StringComparison.Ordinal)
                || one.Body.Contains("someone-private", StringComparison.Ordinal)
        );
    }
}
