using AdminConsole.Core.Contracts;
using AdminConsole.Core.Security;

namespace AdminConsole.Tests.Http;

/// <summary>The API offers what the pages offer: all sessions, mail, saved views, expiring tokens.</summary>
public abstract class ConsoleParityTests(AdminApp app)
{
    [Fact]
    public async Task All_users_sessions_are_listed_found_and_ended()
    {
        using var admin = await app.SignInAdminAsync();
        var person = await app.SignedInUserAsync();

        var ofPerson = (await admin.GetAsync($"/api/admin/sessions?user={person.Id}")).Is(200).As<Page<OwnedSession>>();
        var found = (await admin.GetAsync($"/api/admin/sessions?search={person.Email}")).Is(200).As<Page<OwnedSession>>();
        var session = Assert.Single(ofPerson.Items);
        var watch = await app.WatchAsync();

        Assert.Equal((person.Email, session.Session.Id), (session.Owner.Email, Assert.Single(found.Items).Session.Id));
        (await admin.DeleteAsync($"/api/admin/sessions/{session.Session.Id}")).Is(204);
        (await person.Caller.GetAsync("/api/auth/me")).Refuses(401, "unauthenticated");
        (await admin.DeleteAsync($"/api/admin/sessions/{session.Session.Id}")).Refuses(404, "not_found");
        await watch.RecordedAsync("session.ended");
    }

    [Fact]
    public async Task Sessions_of_users_above_the_actor_are_not_ended_and_listing_needs_the_permission()
    {
        var (ender, reader, unprivileged) = (
            await app.SignedInUserAsync(await app.CreateRoleAsync(Permissions.SessionsRead, Permissions.SessionsEnd)),
            await app.SignedInUserAsync("Operator"),
            await app.SignedInUserAsync()
        );
        using var admin = await app.SignInAdminAsync();
        var session = (await admin.GetAsync("/api/sessions")).As<Page<SessionSummary>>().Items.Single(one => one.Current);

        (await ender.Caller.DeleteAsync($"/api/admin/sessions/{session.Id}")).Refuses(403, "above_you");
        (await reader.Caller.GetAsync("/api/admin/sessions")).Is(200);
        (await reader.Caller.DeleteAsync($"/api/admin/sessions/{session.Id}")).Refuses(403, "forbidden");
        (await unprivileged.Caller.GetAsync("/api/admin/sessions")).Refuses(403, "forbidden");
    }

    [Fact]
    public async Task Tokens_that_expire_within_a_week_are_a_filter()
    {
        var person = await app.SignedInUserAsync("Admin");
        var (soon, late) = (
            (await person.Caller.PostAsync("/api/tokens", new { name = "soon", expiresInDays = 3 })).Is(201).As<CreatedToken>(),
            (await person.Caller.PostAsync("/api/tokens", new { name = "late", expiresInDays = 30 })).Is(201).As<CreatedToken>()
        );

        async Task<Guid[]> ListAsync(string query) =>
            [
                .. (await person.Caller.GetAsync($"/api/admin/tokens?owner={person.Id}{query}"))
                    .Is(200)
                    .As<Page<OwnedToken>>()
                    .Items.Select(token => token.Id),
            ];

        Assert.Equal([soon.Id], await ListAsync("&expiring=true"));
        Assert.Equal([late.Id, soon.Id], await ListAsync("&expiring=false"));
        Assert.Equal([late.Id, soon.Id], await ListAsync("&state=active"));
    }

    [Fact]
    public async Task Mail_is_listed_retried_and_tested_with_the_permission_to_change_settings()
    {
        var (admin, unprivileged) = (await app.SignedInUserAsync("Admin"), await app.SignedInUserAsync());

        Assert.Equal(0, (await admin.Caller.GetAsync("/api/system/mail")).Is(200).As<OutboxStatus>().Dead);
        Assert.Equal(0, (await admin.Caller.PostAsync("/api/system/mail/retry")).Is(200).As<MailsRetried>().Retried);
        (await admin.Caller.PostAsync($"/api/system/mail/{Guid.CreateVersion7()}/retry")).Refuses(404, "not_found");
        Assert.Equal(admin.Email, (await admin.Caller.PostAsync("/api/system/mail/test")).Is(200).As<TestMailSent>().Recipient);
        (await unprivileged.Caller.GetAsync("/api/system/mail")).Refuses(403, "forbidden");
        (await unprivileged.Caller.PostAsync("/api/system/mail/retry")).Refuses(403, "forbidden");
        (await unprivileged.Caller.PostAsync("/api/system/mail/test")).Refuses(403, "forbidden");
    }

    [Fact]
    public async Task Saved_views_are_private_and_have_unique_names()
    {
        var (one, other, unprivileged) = (
            await app.SignedInUserAsync("Operator"),
            await app.SignedInUserAsync("Operator"),
            await app.SignedInUserAsync()
        );

        var created = (
            await one.Caller.PostAsync(
                "/api/audit/views",
                new { name = "Failures", query = new { action = "auth.sign_in_failed", from = "2026-01-01" } }
            )
        ).Is(201);
        var view = created.As<SavedAuditView>();

        Assert.Equal($"/api/audit/views/{view.Id}", created.Location);
        Assert.Equal("auth.sign_in_failed", view.Query.Action);
        (await one.Caller.PostAsync("/api/audit/views", new { name = "failures", query = new { } })).Refuses(409, "duplicate_name");
        (await one.Caller.PostAsync("/api/audit/views", new { name = "", query = new { } })).RefusesFields("name");
        (await one.Caller.PostAsync("/api/audit/views", new { name = "x", query = new { actoin = "x" } })).Refuses(400, "invalid_request");
        (await one.Caller.PostAsync("/api/audit/views", new { name = "x", query = new { before = 7 } })).Refuses(400, "invalid_request");
        (await other.Caller.PatchAsync($"/api/audit/views/{view.Id}", new { name = "Mine" })).Refuses(404, "not_found");
        (await other.Caller.DeleteAsync($"/api/audit/views/{view.Id}")).Refuses(404, "not_found");
        (await unprivileged.Caller.GetAsync("/api/audit/views")).Refuses(403, "forbidden");
        Assert.Equal(
            "Renamed",
            (await one.Caller.PatchAsync($"/api/audit/views/{view.Id}", new { name = "Renamed" })).Is(200).As<SavedAuditView>().Name
        );
        (await one.Caller.DeleteAsync($"/api/audit/views/{view.Id}")).Is(204);
        Assert.Empty((await one.Caller.GetAsync("/api/audit/views")).Is(200).As<Page<SavedAuditView>>().Items);
    }

    public sealed class OnSqlite(SqliteApp app) : ConsoleParityTests(app), IClassFixture<SqliteApp>;

    public sealed class OnPostgres(PostgresApp app) : ConsoleParityTests(app), IClassFixture<PostgresApp>;
}
