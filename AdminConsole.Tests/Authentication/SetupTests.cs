using AdminConsole.Authentication;
using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Security;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Tests.Authentication;

public sealed class SetupTests
{
    private static object Request(string? setupCode = null, string? email = null, string password = TestData.Password) =>
        new
        {
            email = email ?? TestData.AdminEmail,
            password,
            setupCode,
        };

    [Fact]
    public async Task The_first_administrator_has_every_permission_and_is_signed_in()
    {
        await using var app = await AdminApp.StartAsync(DatabaseProvider.Sqlite);
        using var caller = app.Anonymous();
        Assert.True((await caller.GetAsync("/api/auth/setup-required")).Is(200).As<SetupState>().SetupRequired);

        var me = (await caller.PostAsync("/api/auth/setup", Request())).Is(200).As<Me>();

        Assert.Equal(["Admin"], me.Roles);
        Assert.Equal(Permissions.All.Order(), me.Permissions);
        Assert.Equal(("admin", TestData.AdminEmail, false), (me.DisplayName, me.UserName, me.MustChangePassword));
        Assert.Equal(me.Id, (await caller.GetAsync("/api/auth/me")).Is(200).As<Me>().Id);
        Assert.False((await caller.GetAsync("/api/auth/setup-required")).Is(200).As<SetupState>().SetupRequired);
        Assert.Equal(
            ["setup.completed", "user.created", "auth.signed_in"],
            await app.ReadAsync(db => db.AuditEvents.OrderBy(entry => entry.Id).Select(entry => entry.Action).ToListAsync())
        );
        Assert.All(await app.ReadAsync(db => db.AuditEvents.ToListAsync()), entry => Assert.Equal(me.Id, entry.ActorId));
    }

    [Theory, OnBoth]
    public async Task Of_32_concurrent_setups_exactly_one_creates_the_administrator(DatabaseProvider provider)
    {
        await using var app = await AdminApp.StartAsync(provider);
        using var caller = app.Anonymous();

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 32).Select(number => caller.PostAsync("/api/auth/setup", Request(email: $"admin{number}@example.com")))
        );

        var winner = Assert.Single(answers, answer => answer.Status == 200).As<Me>();
        Assert.All(answers.Where(answer => answer.Status != 200), answer => answer.Refuses(409, "setup_done"));
        Assert.Equal(winner.Id, (await app.ReadAsync(db => db.Users.SingleAsync())).Id);
        Assert.Equal(3, await app.ReadAsync(db => db.AuditEvents.CountAsync()));
    }

    [Fact]
    public async Task Setup_is_closed_once_an_administrator_exists()
    {
        await using var app = await AdminApp.StartAsync(DatabaseProvider.Sqlite, environment: "Production");
        using var caller = app.Anonymous();
        (await caller.PostAsync("/api/auth/setup", Request())).Is(200);
        var watch = await app.WatchAsync();

        var again = await caller.PostAsync("/api/auth/setup", Request(email: "other@example.com"));
        var fromAfar = await caller.PostAsync("/api/auth/setup", Request(email: "other@example.com"), ("X-Forwarded-For", "203.0.113.9"));

        again.Refuses(409, "setup_done");
        fromAfar.Refuses(409, "setup_done");
        await watch.NothingHappenedAsync();
    }

    [Fact]
    public async Task A_node_accepts_the_setup_code_that_another_node_printed()
    {
        await using var database = await TestDatabase.CreateAsync(DatabaseProvider.PostgreSQL);
        await using var printing = await AdminApp.StartAsync(DatabaseProvider.PostgreSQL, database, environment: "Production");
        await using var answering = await AdminApp.StartAsync(DatabaseProvider.PostgreSQL, database, environment: "Production");
        await using var stranger = await AdminApp.StartAsync(DatabaseProvider.Sqlite, environment: "Production");
        using var caller = answering.Anonymous();
        var code = printing.Services.GetRequiredService<SetupGate>().Code;

        (
            await caller.PostAsync("/api/auth/setup", Request(stranger.Services.GetRequiredService<SetupGate>().Code), ("Via", "1.1 proxy"))
        ).Refuses(403, "setup_code_required");
        (await caller.PostAsync("/api/auth/setup", Request(code), ("Via", "1.1 proxy"))).Is(200);

        Assert.Matches("^[BCDFGHJKLMNPQRSTVWXZ]{12}$", code);
    }

    [Theory]
    [InlineData("X-Forwarded-For", "127.0.0.1")]
    [InlineData("Forwarded", "for=127.0.0.1")]
    [InlineData("X-Real-IP", "127.0.0.1")]
    [InlineData("Via", "1.1 proxy")]
    public async Task Outside_development_a_proxied_setup_needs_the_code(string header, string value)
    {
        await using var app = await AdminApp.StartAsync(DatabaseProvider.Sqlite, environment: "Production");
        using var caller = app.Anonymous();
        var watch = await app.WatchAsync();

        (await caller.PostAsync("/api/auth/setup", Request(), (header, value))).Refuses(403, "setup_code_required");
        (await caller.PostAsync("/api/auth/setup", Request("BCDFGHJKLMNP"), (header, value))).Refuses(403, "setup_code_required");
        await watch.NothingHappenedAsync();

        var code = app.Services.GetRequiredService<SetupGate>().Code;
        (await caller.PostAsync("/api/auth/setup", Request(code), (header, value))).Is(200);
    }

    [Fact]
    public async Task Outside_development_a_local_setup_needs_no_code()
    {
        await using var app = await AdminApp.StartAsync(DatabaseProvider.Sqlite, environment: "Production");
        using var caller = app.Anonymous();

        var answer = await caller.PostAsync("/api/auth/setup", Request());

        answer.Is(200);
    }

    [Theory]
    [InlineData("not-an-address", TestData.Password, "email")]
    [InlineData("admin@example.com", "short1", "password")]
    [InlineData("admin@example.com", "no digits in this one", "password")]
    [InlineData("admin@example.com", "123456789012345", "password")]
    [InlineData("admin1@example.com", "ADMIN1@example.com", "password")]
    public async Task Malformed_input_creates_no_user(string email, string password, string field)
    {
        await using var app = await AdminApp.StartAsync(DatabaseProvider.Sqlite);
        using var caller = app.Anonymous();
        var watch = await app.WatchAsync();

        var answer = await caller.PostAsync("/api/auth/setup", Request(email: email, password: password));

        answer.RefusesFields(field);
        await watch.NothingHappenedAsync();
        Assert.Empty(answer.SetCookies);
    }

    [Fact]
    public async Task Every_page_redirects_to_the_setup_until_it_is_done()
    {
        await using var app = await AdminApp.StartAsync(DatabaseProvider.Sqlite);
        using var caller = app.Anonymous();
        (string, string)[] browser = [("Accept", "text/html")];

        Assert.Equal("/setup", (await caller.GetAsync("/", browser)).Is(302).Location);
        Assert.Equal("/setup", (await caller.GetAsync("/login", browser)).Is(302).Location);
        (await caller.GetAsync("/setup", browser)).Is(200);

        (await caller.PostAsync("/api/auth/setup", Request())).Is(200);
        Assert.Equal("/login", (await caller.GetAsync("/setup", browser)).Is(302).Location);
        (await caller.GetAsync("/login", browser)).Is(200);
    }
}
