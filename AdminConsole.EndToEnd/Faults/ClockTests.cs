using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;
using AdminConsole.Tests.Authentication;
using AdminConsole.Tests.OAuth;

namespace AdminConsole.EndToEnd.Faults;

/// <summary>A clock that jumps, as after sleep or with a wrong time server.</summary>
public sealed class ClockTests
{
    private static readonly TimeSpan Jump = TimeSpan.FromDays(2);

    [Theory, OnBoth]
    public async Task With_the_clock_ahead_everything_expires_and_users_sign_in_again(DatabaseProvider provider)
    {
        await using var app = await AdminApp.StartAsync(provider);
        await app.CreateUserAsync(TestData.AdminEmail, TestData.Password, "Admin");
        using var admin = await app.SignInAdminAsync();
        var device = await app.ConnectAsync(admin);
        var enrolled = await EnrolledUser.CreateAsync(app);

        app.Clock.Advance(Jump);

        (await admin.GetAsync("/api/users")).Refuses(401, "unauthenticated");
        (await device.Caller.GetAsync("/api/auth/me")).Is(401);
        var refreshed = await device.RefreshedAsync();
        (await refreshed.Caller.GetAsync("/api/auth/me")).Is(200);
        (await enrolled.SignInAsync(app.Anonymous(), enrolled.Code())).Is(200);
        await WorksAsync(app);
    }

    [Theory, OnBoth]
    public async Task With_the_clock_set_back_nothing_breaks_and_deactivations_hold(DatabaseProvider provider)
    {
        await using var app = await AdminApp.StartAsync(provider);
        await app.CreateUserAsync(TestData.AdminEmail, TestData.Password, "Admin");
        var errorsAtStart = app.Log.Errors.Count();
        app.Clock.Advance(Jump);
        using var admin = await app.SignInAdminAsync();
        var device = await app.ConnectAsync(admin);
        var victim = await app.SignedInUserAsync("User");
        (await admin.PostAsync($"/api/users/{victim.Id}/deactivate")).Is(200);

        app.Clock.Advance(-Jump);

        (await victim.Caller.GetAsync("/api/auth/me")).Is(401);
        (await admin.GetAsync("/api/users")).Is(200);
        var refreshed = await device.RefreshedAsync();
        (await refreshed.Caller.GetAsync("/api/auth/me")).Is(200);
        await WorksAsync(app);
        Assert.Empty(app.Log.Errors.Skip(errorsAtStart));
    }

    [Theory, OnBoth]
    public async Task A_lockout_from_the_future_can_be_lifted_and_a_sign_in_from_the_future_is_not_recent(DatabaseProvider provider)
    {
        await using var app = await AdminApp.StartAsync(provider);
        await app.CreateUserAsync(TestData.AdminEmail, TestData.Password, "Admin");
        app.Clock.Advance(Jump);
        using var admin = await app.SignInAdminAsync();
        var user = await app.CreateUserAsync(null, TestData.Password);
        for (var guess = 0; guess < 10; guess++)
        {
            (await app.Anonymous().PostAsync("/api/auth/login", new { login = user.Email, password = "a wrong password 1" })).Is(401);
        }

        app.Clock.Advance(-Jump);

        (await app.Anonymous().PostAsync("/api/auth/login", new { login = user.Email, password = TestData.Password })).Is(401);
        (await admin.PostAsync($"/api/users/{user.Id}/unlock")).Is(200);
        (await app.Anonymous().PostAsync("/api/auth/login", new { login = user.Email, password = TestData.Password })).Is(200);
        (
            await admin.PostAsync(
                "/api/roles",
                new
                {
                    name = TestData.Name("Role"),
                    description = "",
                    permissions = Array.Empty<string>(),
                }
            )
        ).Refuses(403, "fresh_sign_in_required");
    }

    private static async Task WorksAsync(AdminApp app)
    {
        using var again = await app.SignInAdminAsync();
        (await again.PostAsync("/api/users", new { email = TestData.Email() })).Is(201);
        var newest = (await again.GetAsync("/api/audit?limit=5")).Is(200).As<Page<AuditEntry>>().Items;
        Assert.Equal(newest.Select(entry => entry.Id).OrderDescending(), newest.Select(entry => entry.Id));
        Assert.True((await again.GetAsync("/api/audit/verify")).As<AuditVerification>().Valid);
    }
}
