using System.Text.Json;
using AdminConsole.Core.Audit;
using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Security;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Tests.Audit;

public abstract class ReadingTests(AdminApp app)
{
    [Fact]
    public async Task Reading_is_recorded_once_per_filter_session_and_hour()
    {
        var reader = await app.SignedInUserAsync("Operator");
        var watch = await app.WatchAsync();

        await Task.WhenAll(Enumerable.Range(0, 32).Select(_ => reader.Caller.GetAsync("/api/audit?action=user.&limit=1")));
        (await reader.Caller.GetAsync("/api/audit?action=role.created")).Is(200);
        (await reader.Caller.GetAsync("/api/audit?action=role.created&before=5&limit=3")).Is(200);
        await watch.OnlyRecordedAsync("audit.viewed", "audit.viewed");
        app.Clock.Advance(TimeSpan.FromMinutes(61));
        (await reader.Caller.GetAsync("/api/audit?action=role.created")).Is(200);

        await watch.OnlyRecordedAsync("audit.viewed", "audit.viewed", "audit.viewed");
        var last = await app.ReadAsync(db => db.AuditEvents.OrderByDescending(entry => entry.Id).FirstAsync());
        Assert.Equal((reader.Id, """{"filter":{"action":"role.created"}}"""), (last.ActorId, last.Details));
    }

    [Fact]
    public async Task Recent_activity_omits_reads_of_the_log_and_the_log_lists_them()
    {
        using var admin = await app.SignInAdminAsync();
        for (var other = 0; other < 7; other++)
        {
            await app.CreateUserAsync();
        }

        var user = await app.CreateUserAsync();
        (await admin.GetAsync("/api/audit?action=role.deleted")).Is(200);
        (await admin.GetAsync("/api/audit/export?action=role.deleted")).Is(200);
        (await admin.GetAsync("/api/audit/verify")).Is(200);

        var all = await RecentAsync(new AuditQuery { Limit = 8 });
        var own = await RecentAsync(new AuditQuery { Target = user.Id.ToString(), Limit = 1 });

        Assert.Equal(8, all.Count);
        Assert.Equal(user.Id.ToString(), all[0].Target!.Id);
        Assert.Empty(all.Select(entry => entry.Action).Intersect(["audit.viewed", "audit.exported", "audit.verified"]));
        Assert.Equal("user.created", Assert.Single(own).Action);
        var listed = (await admin.GetAsync("/api/audit?limit=3")).As<Page<AuditEntry>>().Items.Select(entry => entry.Action);
        Assert.Contains("audit.verified", listed);
    }

    [Fact]
    public async Task HEAD_reads_nothing_and_is_not_recorded()
    {
        using var admin = await app.SignInAdminAsync();
        var user = await app.CreateUserAsync();
        var paths = app
            .Services.GetRequiredService<EndpointDataSource>()
            .Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods.Contains("GET") == true)
            .Select(endpoint =>
                "/"
                + endpoint
                    .RoutePattern.RawText!.Trim('/')
                    .Replace("{id:long}", "1", StringComparison.Ordinal)
                    .Replace("{id:guid}", user.Id.ToString(), StringComparison.Ordinal)
                    .Replace("{name}", "User", StringComparison.Ordinal)
            )
            .Where(path => !path.Contains('{', StringComparison.Ordinal))
            .Distinct()
            .ToList();
        string[] recorded = ["/api/audit", "/api/audit/1", "/api/audit/export", "/api/audit/stream", "/api/audit/verify"];
        Assert.Empty(recorded.Except(paths));
        Assert.Contains($"/api/users/{user.Id}", paths);
        Assert.Contains("/audit", paths);
        var watch = await app.WatchAsync();

        foreach (var path in paths)
        {
            var head = await admin.SendAsync(HttpMethod.Head, path, null, ("Accept", "text/html"));

            Assert.True(head.Status < 500, $"HEAD {path} answered {head.Status}");
            Assert.True((await watch.EventsAsync()).Count == 0, $"HEAD {path} left {string.Join(", ", await watch.EventsAsync())}");
            // The length would disclose the result.
            Assert.True(!recorded.Contains(path) || !head.Headers.Contains("Content-Length"), $"HEAD {path} has a length");
        }

        await watch.NothingHappenedAsync();
        foreach (var path in recorded)
        {
            (await admin.GetAsync(path)).Is(200);
        }

        await watch.OnlyRecordedAsync("audit.viewed", "audit.viewed", "audit.exported", "audit.verified");
    }

    private async Task<IReadOnlyList<AuditEntry>> RecentAsync(AuditQuery query) =>
        (await app.RunAsync<AuditLog, Result<IReadOnlyList<AuditEntry>>>(log => log.RecentAsync(TestData.System, query, default))).Value;

    [Theory]
    [InlineData("-1")]
    [InlineData("0")]
    [InlineData("-9223372036854775808")]
    public async Task A_page_before_an_unknown_id_is_refused(string before)
    {
        using var admin = await app.SignInAdminAsync();

        (await admin.GetAsync($"/api/audit?before={before}")).Refuses(400, "invalid_request");
        (await admin.GetAsync("/api/audit?before=1")).Is(200);
        (await admin.GetAsync("/api/audit?before=9223372036854775807")).Is(200);
    }

    [Fact]
    public async Task Search_texts_are_not_recorded()
    {
        var reader = await app.SignedInUserAsync("Operator");
        var user = await app.CreateUserAsync();

        (await reader.Caller.GetAsync($"/api/audit?search=very-private&actor=private.person&target={user.Id}")).Is(200);

        var last = await app.ReadAsync(db => db.AuditEvents.OrderByDescending(entry => entry.Id).FirstAsync());
        Assert.Equal($$$"""{"filter":{"actor":"(text)","search":"(text)","target":"{{{user.Id}}}"}}""", last.Details);
    }

    [Fact]
    public async Task An_export_applies_the_filters_and_is_recorded_with_filter_and_count()
    {
        using var admin = await app.SignInAdminAsync();
        var user = await app.CreateUserAsync("=cmd" + TestData.Email("formula"));
        (await admin.PatchAsync($"/api/users/{user.Id}", new { displayName = "a comma, \"quoted\"" })).Is(200);

        var json = (await admin.GetAsync($"/api/audit/export?format=ndjson&target={user.Id}")).Is(200);
        var csv = (await admin.GetAsync($"/api/audit/export?target={user.Id}")).Is(200);

        Assert.Equal(("application/x-ndjson", "text/csv"), (json.ContentType, csv.ContentType));
        Assert.Contains("filename=audit_by-target_", csv.Headers["Content-Disposition"].Single(), StringComparison.Ordinal);
        var lines = json
            .Text.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonSerializer.Deserialize<AuditEntry>(line, JsonSerializerOptions.Web)!)
            .ToList();
        Assert.Equal(["user.created", "user.updated"], lines.Select(entry => entry.Action));
        Assert.Equal((await admin.GetAsync($"/api/audit/{lines[0].Id}")).Text, json.Text.Split('\n')[0]);
        Assert.StartsWith("id,at,action,", csv.Text, StringComparison.Ordinal);
        Assert.Contains($",'{user.Email},", csv.Text, StringComparison.Ordinal);
        Assert.DoesNotContain($",{user.Email}", csv.Text, StringComparison.Ordinal);
        var recorded = await app.ReadAsync(db =>
            db.AuditEvents.Where(entry => entry.Action == "audit.exported").OrderByDescending(entry => entry.Id).FirstAsync()
        );
        Assert.Equal($$$"""{"format":"csv","filter":{"target":"{{{user.Id}}}"},"count":2}""", recorded.Details);
    }

    [Theory]
    [InlineData("")]
    [InlineData("action=user.")]
    [InlineData("action=user.created")]
    [InlineData("search=example")]
    [InlineData("from=2020-01-01T00:00:00Z&to=2100-01-01T00:00:00Z")]
    public async Task An_export_of_many_pages_has_every_event_once_in_order(string filter)
    {
        using var admin = await app.SignInAdminAsync();
        for (var user = 0; user < 30; user++)
        {
            await app.CreateUserAsync();
        }

        var exported = (await admin.GetAsync($"/api/audit/export?format=ndjson&{filter}"))
            .Is(200)
            .Text.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonSerializer.Deserialize<AuditEntry>(line, JsonSerializerOptions.Web)!.Id)
            .ToList();

        var (listed, before) = (new List<long>(), $"{exported[^1] + 1}");
        while (before is not null)
        {
            var page = (await admin.GetAsync($"/api/audit?limit=200&before={before}&{filter}")).Is(200).As<Page<AuditEntry>>();
            listed.AddRange(page.Items.Select(entry => entry.Id));
            before = page.Next;
        }

        Assert.Equal(listed.AsEnumerable().Reverse(), exported);
    }

    [Fact]
    public async Task An_export_needs_its_permission_and_a_known_format()
    {
        using var anonymous = app.Anonymous();
        var reader = await app.SignedInUserAsync(await app.CreateRoleAsync(Permissions.AuditRead));
        using var admin = await app.SignInAdminAsync();
        var watch = await app.WatchAsync();

        (await anonymous.GetAsync("/api/audit/export")).Refuses(401, "unauthenticated");
        (await admin.GetAsync("/api/audit/export?format=xlsx")).Refuses(400, "invalid_request");
        await watch.NothingHappenedAsync();
        (await reader.Caller.GetAsync("/api/audit/export")).Refuses(403, "forbidden");
    }

    public sealed class OnSqlite(SqliteApp app) : ReadingTests(app), IClassFixture<SqliteApp>;

    public sealed class OnPostgres(PostgresApp app) : ReadingTests(app), IClassFixture<PostgresApp>;
}
