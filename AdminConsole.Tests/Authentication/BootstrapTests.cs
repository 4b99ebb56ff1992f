using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Tests.Authentication;

public sealed class BootstrapTests
{
    private static readonly (string, string?)[] Configured =
    [
        ("Bootstrap:Email", "boot@example.com"),
        ("Bootstrap:Password", TestData.Password),
    ];

    [Theory, OnBoth]
    public async Task The_configured_administrator_must_change_the_password(DatabaseProvider provider)
    {
        await using var app = await AdminApp.StartAsync(provider, settings: Configured);

        using var caller = await app.SignInAsync("boot@example.com");

        Assert.True((await caller.GetAsync("/api/auth/me")).Is(200).As<Me>().MustChangePassword);
        (await caller.GetAsync("/api/users")).Refuses(403, "password_change_required");
        var completed = await app.ReadAsync(db => db.AuditEvents.SingleAsync(entry => entry.Action == "setup.completed"));
        Assert.Equal(("system", "bootstrap", "system"), (completed.ActorType, completed.ActorName, completed.Via));
    }

    [Fact]
    public async Task A_second_start_changes_nothing()
    {
        await using var database = await TestDatabase.CreateAsync(DatabaseProvider.Sqlite);
        await using (var first = await AdminApp.StartAsync(DatabaseProvider.Sqlite, database, settings: Configured))
        {
            using var caller = await first.SignInAsync("boot@example.com");
            (
                await caller.PostAsync(
                    "/api/auth/password",
                    new { currentPassword = TestData.Password, newPassword = TestData.NewPassword }
                )
            ).Is(204);
        }

        await using var second = await AdminApp.StartAsync(DatabaseProvider.Sqlite, database, settings: Configured);

        using var again = await second.SignInAsync("boot@example.com", TestData.NewPassword);
        Assert.False((await again.GetAsync("/api/auth/me")).As<Me>().MustChangePassword);
        Assert.Equal(1, await second.ReadAsync(db => db.Users.CountAsync()));
        Assert.Equal(1, await second.ReadAsync(db => db.AuditEvents.CountAsync(entry => entry.Action == "setup.completed")));
    }

    [Fact]
    public async Task With_an_existing_administrator_the_setup_is_done()
    {
        await using var app = await AdminApp.StartAsync(DatabaseProvider.Sqlite, settings: Configured);
        using var caller = app.Anonymous();

        var answer = await caller.PostAsync("/api/auth/setup", new { email = "late@example.com", password = TestData.Password });

        answer.Refuses(409, "setup_done");
    }
}
