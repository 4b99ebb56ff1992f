using AdminConsole.Core.Authentication;
using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Roles;
using AdminConsole.Core.Security;
using AdminConsole.Core.Users;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Tests.Users;

public abstract class DeactivationTests(AdminApp app)
{
    [Fact]
    public async Task A_deactivation_with_an_end_expires()
    {
        using var admin = await app.SignInAdminAsync();
        var person = await app.SignedInUserAsync();
        var until = app.Clock.GetUtcNow().AddHours(1).Stored();

        var away = (await admin.PostAsync($"/api/users/{person.Id}/deactivate", new { reason = "Holiday", until }))
            .Is(200)
            .As<UserDetails>();
        await app.Services.GetRequiredService<Reactivation>().RunOnceAsync(default);
        var early = (await admin.GetAsync($"/api/users/{person.Id}")).As<UserDetails>();
        app.Clock.Advance(TimeSpan.FromHours(1.01));
        var watch = await app.WatchAsync();
        // The background worker may be faster.
        await app.Services.GetRequiredService<Reactivation>().RunOnceAsync(default);

        Assert.Equal((false, until), (away.Active, away.DeactivatedUntil));
        Assert.False(early.Active);
        await watch.RecordedAsync("user.activated");
        (await person.Caller.GetAsync("/api/auth/me")).Refuses(401, "unauthenticated");
        (await app.SignInAsync(person.Email)).Dispose();
    }

    [Fact]
    public async Task An_end_must_lie_in_the_future()
    {
        using var admin = await app.SignInAdminAsync();
        var user = await app.CreateUserAsync();
        var watch = await app.WatchAsync();

        (await admin.PostAsync($"/api/users/{user.Id}/deactivate", new { until = app.Clock.GetUtcNow().AddSeconds(-1) })).RefusesFields(
            "until"
        );

        await watch.NothingHappenedAsync();
    }

    [Fact]
    public async Task Deactivating_again_removes_the_end()
    {
        using var admin = await app.SignInAdminAsync();
        var user = await app.CreateUserAsync();

        (
            await admin.PostAsync($"/api/users/{user.Id}/deactivate", new { reason = "Holiday", until = app.Clock.GetUtcNow().AddDays(1) })
        ).Is(200);
        var again = (await admin.PostAsync($"/api/users/{user.Id}/deactivate")).Is(200).As<UserDetails>();
        var watch = await app.WatchAsync();
        (await admin.PostAsync($"/api/users/{user.Id}/deactivate")).Is(200);

        Assert.Equal((null, "Holiday"), (again.DeactivatedUntil, again.DeactivatedReason));
        await watch.NothingHappenedAsync();
    }

    [Fact]
    public async Task Nodes_that_expire_a_deactivation_concurrently_activate_once()
    {
        var users = await app.AdministratorsAsync(5);
        foreach (var user in users)
        {
            await app.RunAsync<UserLifecycle, Result<UserDetails>>(lifecycle =>
                lifecycle.DeactivateAsync(
                    TestData.System,
                    user.Id,
                    new DeactivateRequest { Until = app.Clock.GetUtcNow().AddMinutes(1) },
                    default
                )
            );
        }

        app.Clock.Advance(TimeSpan.FromMinutes(2));
        var ids = users.ConvertAll(user => user.Id.ToString());
        await Task.WhenAll(
            Enumerable.Range(0, 32).Select(_ => Task.Run(() => app.Services.GetRequiredService<Reactivation>().RunOnceAsync(default)))
        );

        Assert.Equal(
            5,
            await app.ReadAsync(db => db.AuditEvents.CountAsync(entry => entry.Action == "user.activated" && ids.Contains(entry.TargetId!)))
        );
    }

    [Fact]
    public async Task Lockdown_revokes_every_credential_with_one_event()
    {
        using var admin = await app.SignInAdminAsync();
        var person = await app.SignedInUserAsync();
        using var elsewhere = await app.SignInAsync(person.Email);
        var link = (await admin.PostAsync($"/api/users/{person.Id}/reset-password")).Is(200).As<PasswordResetLink>();
        var watch = await app.WatchAsync();

        var locked = (await admin.PostAsync($"/api/users/{person.Id}/lockdown", new { reason = "Stolen laptop" }))
            .Is(200)
            .As<UserDetails>();

        Assert.Equal((false, "Stolen laptop"), (locked.Active, locked.DeactivatedReason));
        await watch.RecordedAsync("user.locked_down");
        var details = (await admin.GetAsync($"/api/audit?target={person.Id}&limit=1")).As<Page<AuditEntry>>().Items[0].Details!.Value;
        Assert.Equal(
            (2, 1, 2),
            (
                details.GetProperty("sessionsEnded").GetInt32(),
                details.GetProperty("resetLinksEnded").GetInt32(),
                details.GetProperty("browsersForgotten").GetInt32()
            )
        );
        (await person.Caller.GetAsync("/api/auth/me")).Refuses(401, "unauthenticated");
        using var anonymous = app.Anonymous();
        (
            await anonymous.PostAsync(
                "/api/auth/reset-password",
                new
                {
                    email = person.Email,
                    token = link.ResetToken,
                    newPassword = TestData.NewPassword,
                }
            )
        ).Refuses(400, "invalid_token");
    }

    [Fact]
    public async Task Lockdown_of_an_inactive_user_revokes_the_rest_and_removes_the_end()
    {
        using var admin = await app.SignInAdminAsync();
        var user = await app.CreateUserAsync();
        (await admin.PostAsync($"/api/users/{user.Id}/deactivate", new { until = app.Clock.GetUtcNow().AddDays(1) })).Is(200);
        (await admin.PostAsync($"/api/users/{user.Id}/reset-password")).Is(200);

        var locked = (await admin.PostAsync($"/api/users/{user.Id}/lockdown")).Is(200).As<UserDetails>();

        Assert.Null(locked.DeactivatedUntil);
        Assert.False(await app.ReadAsync(db => db.SingleUseLinks.AnyAsync(link => link.UserId == user.Id)));
    }

    [Fact]
    public async Task Lockdown_is_refused_on_oneself_on_users_above_and_without_a_recent_sign_in()
    {
        var admin = await app.SignedInUserAsync(AppRole.Admin);
        var helpdesk = await app.SignedInUserAsync(await app.CreateRoleAsync(Permissions.UsersWrite));
        var user = await app.SignedInUserAsync();

        (await admin.Caller.PostAsync($"/api/users/{admin.Id}/lockdown")).Refuses(409, "self_forbidden");
        (await helpdesk.Caller.PostAsync($"/api/users/{admin.Id}/lockdown")).Refuses(403, "above_you");
        (await user.Caller.PostAsync($"/api/users/{admin.Id}/lockdown")).Refuses(403, "forbidden");
        (await admin.Caller.PostAsync($"/api/users/{Guid.CreateVersion7()}/lockdown")).Refuses(404, "not_found");
        app.Clock.Advance(TimeSpan.FromMinutes(16));
        (await admin.Caller.PostAsync($"/api/users/{user.Id}/lockdown")).Refuses(403, "fresh_sign_in_required");

        Assert.True((await app.ReadAsync(db => db.Users.SingleAsync(row => row.Id == admin.Id))).Active);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Administrators_in_a_ring_who_remove_the_next_leave_at_least_one(bool delete)
    {
        await using var own = await AdminApp.StartAsync(app.Provider);
        var ring = await own.AdministratorsAsync(32);

        await Task.WhenAll(
            ring.Select(
                (admin, at) =>
                    Task.Run(() =>
                        own.RunAsync<UserLifecycle, Refusal?>(async lifecycle =>
                            delete
                                ? (await lifecycle.DeleteAsync(admin.AsActor(), ring[(at + 1) % ring.Count].Id, default)).Refusal
                                : (
                                    await lifecycle.LockDownAsync(
                                        admin.AsActor(),
                                        ring[(at + 1) % ring.Count].Id,
                                        new LockdownRequest(),
                                        default
                                    )
                                ).Refusal
                        )
                    )
            )
        );

        Assert.True(await own.ActiveAdministratorsAsync() >= 1);
    }

    [Fact]
    public async Task No_sign_in_succeeds_during_a_lockdown()
    {
        var users = new List<UserDetails>();
        for (var number = 0; number < 32; number++)
        {
            users.Add(await app.CreateUserAsync(password: TestData.Password));
        }

        var signIns = users.ConvertAll(_ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        await Task.WhenAll(
            users.SelectMany(
                (user, at) =>
                    new[]
                    {
                        Task.Run<object?>(async () =>
                        {
                            try
                            {
                                return await app.RunAsync<PasswordSignIn, object?>(async signIn =>
                                    await signIn.SignInAsync(
                                        Actor.Anonymous(),
                                        new LoginRequest { Login = user.Email!, Password = TestData.Password },
                                        default
                                    )
                                );
                            }
                            finally
                            {
                                signIns[at].TrySetResult();
                            }
                        }),
                        Task.Run<object?>(async () =>
                        {
                            // The lockdown starts when another user's sign-in ends, so that some lockdowns precede the
                            // sign-in of their user and some overlap it.
                            await signIns[at / 2].Task;
                            return await app.RunAsync<UserLifecycle, object?>(async lifecycle =>
                                await lifecycle.LockDownAsync(TestData.System, user.Id, new LockdownRequest(), default)
                            );
                        }),
                    }
            )
        );

        var ids = users.ConvertAll(user => user.Id);
        Assert.Equal(0, await app.ReadAsync(db => db.Sessions.CountAsync(session => ids.Contains(session.UserId))));
        Assert.Equal(0, await app.ReadAsync(db => db.Users.CountAsync(user => ids.Contains(user.Id) && user.Active)));
    }

    public sealed class OnSqlite(SqliteApp app) : DeactivationTests(app), IClassFixture<SqliteApp>;

    public sealed class OnPostgres(PostgresApp app) : DeactivationTests(app), IClassFixture<PostgresApp>;
}
