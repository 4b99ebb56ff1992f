using AdminConsole.Core.Common;
using AdminConsole.Core.Security;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Tests.Audit;

public abstract class StreamTests(AdminApp app)
{
    private Task<long> LastIdAsync() => app.ReadAsync(db => db.AuditEvents.MaxAsync(entry => entry.Id));

    [Fact]
    public async Task The_newest_event_is_sent_immediately_and_each_new_one_as_it_happens()
    {
        using var admin = await app.SignInAdminAsync();
        using var stream = await EventStreamClient.BeginAsync(admin);
        var first = (await stream.NextAsync())!.Value;

        var user = await app.CreateUserAsync();
        var next = (await stream.NextAsync())!.Value;

        Assert.Equal(first.Id + 1, next.Id);
        Assert.Equal(
            ("user.created", user.Id.ToString()),
            (next.Data.GetProperty("action").GetString(), next.Data.GetProperty("target").GetProperty("id").GetString())
        );
        Assert.Equal((await admin.GetAsync($"/api/audit/{next.Id}")).Text, next.Data.GetRawText());
    }

    [Fact]
    public async Task A_resumed_stream_has_neither_gap_nor_repetition()
    {
        using var admin = await app.SignInAdminAsync();
        (await admin.GetAsync("/api/audit")).Is(200);
        var start = await LastIdAsync();
        var writing = Task.WhenAll(
            Enumerable
                .Range(0, 8)
                .Select(async _ =>
                {
                    for (var user = 0; user < 8; user++)
                    {
                        await app.CreateUserAsync();
                    }
                })
        );

        var (ids, last) = (new List<long>(), start);
        while (ids.Count < 60)
        {
            using var stream = await EventStreamClient.BeginAsync(admin, lastEventId: $"{last}");
            for (var read = 0; read < 7; read++)
            {
                last = (await stream.NextAsync())!.Value.Id;
                ids.Add(last);
            }
        }

        await writing;
        Assert.Equal(Enumerable.Range(1, ids.Count).Select(offset => start + offset), ids);
    }

    [Fact]
    public async Task Filters_apply()
    {
        using var admin = await app.SignInAdminAsync();
        var user = await app.CreateUserAsync();
        using var stream = await EventStreamClient.BeginAsync(admin, $"target={user.Id}&action=user.", $"{await LastIdAsync()}");

        await app.CreateUserAsync();
        (await admin.PatchAsync($"/api/users/{user.Id}", new { displayName = "Followed" })).Is(200);

        Assert.Equal("user.updated", (await stream.NextAsync())!.Value.Data.GetProperty("action").GetString());
    }

    [Theory]
    [InlineData("x")]
    [InlineData("-1")]
    [InlineData("1.5")]
    [InlineData(" 1")]
    [InlineData("99999999999999999999")]
    [InlineData("999999999")]
    public async Task An_unknown_event_id_is_an_invalid_request(string id)
    {
        using var admin = await app.SignInAdminAsync();

        (await admin.GetAsync("/api/audit/stream", ("Last-Event-ID", id.Trim().Length == id.Length ? id : "\"1\""))).Refuses(
            400,
            "invalid_request"
        );
    }

    [Fact]
    public async Task The_stream_needs_the_permission_to_read_the_log()
    {
        using var anonymous = app.Anonymous();
        var simple = await app.SignedInUserAsync();

        (await anonymous.GetAsync("/api/audit/stream")).Refuses(401, "unauthenticated");
        (await simple.Caller.GetAsync("/api/audit/stream")).Refuses(403, "forbidden");
    }

    [Fact]
    public async Task The_number_of_streams_is_limited_per_user()
    {
        await using var own = await AdminApp.StartAsync(DatabaseProvider.Sqlite, settings: ("RateLimits:OpenStreams", "2"));
        await own.CreateUserAsync(TestData.AdminEmail, TestData.Password, "Admin");
        using var admin = await own.SignInAdminAsync();
        var other = await own.SignedInUserAsync("Operator");
        var token = (await admin.PostAsync("/api/tokens", new { name = "follower", scopes = new[] { "audit.read" } }))
            .Is(201)
            .Json.GetProperty("token")
            .GetString();
        var first = await EventStreamClient.BeginAsync(admin);
        using var second = await EventStreamClient.BeginAsync(admin);

        (await admin.GetAsync("/api/audit/stream")).Refuses(429, "rate_limited");
        (await own.Anonymous().GetAsync("/api/audit/stream", ("Authorization", $"Bearer {token}"))).Refuses(429, "rate_limited");
        using var others = await EventStreamClient.BeginAsync(other.Caller);
        first.Dispose();
        await AdminApp.UntilAsync(
            async () =>
            {
                try
                {
                    using var third = await EventStreamClient.BeginAsync(admin);
                    return true;
                }
                catch (HttpRequestException)
                {
                    return false;
                }
            },
            "there is room for another"
        );
    }

    [Theory]
    [InlineData("session")]
    [InlineData("deactivated")]
    [InlineData("role")]
    [InlineData("role changed")]
    public async Task The_stream_ends_with_the_permission_to_read(string how)
    {
        var role = await app.CreateRoleAsync(Permissions.AuditRead);
        var reader = await app.SignedInUserAsync(role);
        using var admin = await app.SignInAdminAsync();
        using var stream = await EventStreamClient.BeginAsync(reader.Caller);
        Assert.NotNull(await stream.NextAsync());

        (
            how switch
            {
                "session" => await admin.DeleteAsync($"/api/users/{reader.Id}/sessions"),
                "deactivated" => await admin.PostAsync($"/api/users/{reader.Id}/deactivate"),
                "role" => await admin.DeleteAsync($"/api/users/{reader.Id}/roles/{role}"),
                _ => await admin.SendAsync(
                    HttpMethod.Put,
                    $"/api/roles/{role}",
                    new
                    {
                        name = role,
                        description = "",
                        permissions = Array.Empty<string>(),
                    }
                ),
            }
        ).Text.ToString();

        Assert.Null(await stream.NextAsync());
    }

    public sealed class OnSqlite(SqliteApp app) : StreamTests(app), IClassFixture<SqliteApp>;

    public sealed class OnPostgres(PostgresApp app) : StreamTests(app), IClassFixture<PostgresApp>;
}

public sealed class StreamEndTests
{
    [Theory, OnBoth]
    public async Task The_stream_does_not_delay_shutdown(DatabaseProvider provider)
    {
        await using var app = await AdminApp.StartAsync(provider);
        await app.CreateUserAsync(TestData.AdminEmail, TestData.Password, "Admin");
        using var admin = await app.SignInAdminAsync();
        using var stream = await EventStreamClient.BeginAsync(admin);
        Assert.NotNull(await stream.NextAsync());

        app.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();

        Assert.Null(await stream.NextAsync());
    }
}
