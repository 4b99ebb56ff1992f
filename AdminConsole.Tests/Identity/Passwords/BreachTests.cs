using System.Text.Json;
using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Identity;
using AdminConsole.Core.Users;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Tests.Identity.Passwords;

public sealed class BreachTests : IAsyncLifetime
{
    private const string Breached = "once upon a breach 1";

    private RangeService service = default!;
    private AdminApp app = default!;

    public async ValueTask InitializeAsync()
    {
        service = await RangeService.StartAsync();
        service.Known[Breached] = 3;
        app = await AdminApp.StartAsync(DatabaseProvider.Sqlite, settings: ("Passwords:BreachService", service.Address));
    }

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        await service.DisposeAsync();
    }

    [Fact]
    public async Task No_operation_sets_a_breached_password()
    {
        using var anonymous = app.Anonymous();
        (await anonymous.PostAsync("/api/auth/setup", new { email = TestData.AdminEmail, password = Breached })).RefusesFields("password");
        (await anonymous.PostAsync("/api/auth/setup", new { email = TestData.AdminEmail, password = TestData.Password })).Is(200);
        using var admin = await app.SignInAdminAsync();
        var user = (await admin.PostAsync("/api/users", TestData.User())).Is(201).As<UserDetails>();
        var reset = (await admin.PostAsync($"/api/users/{user.Id}/reset-password")).Is(200).As<PasswordResetLink>();
        var watch = await app.WatchAsync();

        (await admin.PostAsync("/api/users", TestData.User(password: Breached))).RefusesFields("password");
        (await admin.PostAsync($"/api/users/{user.Id}/set-password", new { password = Breached })).RefusesFields("password");
        (await admin.PostAsync("/api/auth/password", new { currentPassword = TestData.Password, newPassword = Breached })).RefusesFields(
            "newPassword"
        );
        (
            await anonymous.PostAsync(
                "/api/auth/reset-password",
                new
                {
                    email = user.Email,
                    token = reset.ResetToken,
                    newPassword = Breached,
                }
            )
        ).RefusesFields("newPassword");

        await watch.NothingHappenedAsync();
        (
            await anonymous.PostAsync(
                "/api/auth/reset-password",
                new
                {
                    email = user.Email,
                    token = reset.ResetToken,
                    newPassword = TestData.NewPassword,
                }
            )
        ).Is(204);
    }

    [Fact]
    public async Task Five_digits_of_the_hash_are_sent_and_padding_is_ignored()
    {
        const string Padded = "only padding looks so 1";
        service.Known[Padded] = 0;

        await app.CreateUserAsync(password: Padded);

        Assert.Contains(service.Asked, asked => asked is { Prefix.Length: 5, Padding: "true" });
        Assert.All(service.Asked, asked => Assert.Equal(5, asked.Prefix.Length));
        Assert.Equal("passed", await CheckOfLastAsync("user.created"));
    }

    [Fact]
    public async Task While_the_service_is_silent_passwords_are_set_unchecked_and_requests_back_off()
    {
        service.Silence = new();

        await app.CreateUserAsync(password: TestData.Password);
        await app.CreateUserAsync(password: Breached);

        Assert.Equal("unchecked", await CheckOfLastAsync("user.created"));
        Assert.Single(service.Asked);
        service.Silence.SetResult();
        service.Silence = null;
        app.Clock.Advance(TimeSpan.FromMinutes(1));
        var asked = await app.RunAsync<AppUserManager, Refusal?>(users =>
            users.PrepareAsync(AppUser.Draft("a@example.com", null, null), Breached, "password")
        );
        Assert.Equal("validation_failed", asked?.Code);
    }

    [Fact]
    public async Task An_unreachable_or_malformed_service_does_not_block_passwords()
    {
        await using var away = await AdminApp.StartAsync(
            DatabaseProvider.Sqlite,
            settings: ("Passwords:BreachService", "http://127.0.0.1:9/range/")
        );
        await using var wrong = await AdminApp.StartAsync(
            DatabaseProvider.Sqlite,
            settings: ("Passwords:BreachService", service.Address + "nowhere/")
        );

        await away.CreateUserAsync(password: TestData.Password);
        await wrong.CreateUserAsync(password: TestData.Password);

        Assert.Equal(
            1,
            await away.ReadAsync(db => db.AuditEvents.CountAsync(entry => entry.Details!.Contains("\"breachCheck\":\"unchecked\"")))
        );
        Assert.Equal(
            1,
            await wrong.ReadAsync(db => db.AuditEvents.CountAsync(entry => entry.Details!.Contains("\"breachCheck\":\"unchecked\"")))
        );
    }

    private async Task<string?> CheckOfLastAsync(string action)
    {
        var details = await app.ReadAsync(db =>
            db.AuditEvents.Where(entry => entry.Action == action)
                .OrderByDescending(entry => entry.Id)
                .Select(entry => entry.Details)
                .FirstAsync()
        );
        return JsonDocument.Parse(details!).RootElement.GetProperty("breachCheck").GetString();
    }
}
