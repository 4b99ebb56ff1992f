using AdminConsole.Core.Changes;
using AdminConsole.Core.Common;
using AdminConsole.Core.Identity;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Tests.Identity;

/// <summary>Failed sign-ins and lockout.</summary>
public abstract partial class UserManagerTests
{
    [Fact]
    public async Task Of_64_concurrent_failures_each_counts_and_the_lockout_is_recorded_once()
    {
        var known = await app.CreateUserAsync();

        await Task.WhenAll(
            Enumerable
                .Range(0, 64)
                .Select(_ =>
                    InsideAsync<Unit>(
                        async (_, users) =>
                            (await users.AccessFailedAsync((await users.FindByIdAsync(known.Id.ToString()))!)).ToRefusal("id")
                            ?? Result.Of(default(Unit))
                    )
                )
        );

        Assert.Equal(64, await app.ReadAsync(db => db.FailedSignInAttempts.CountAsync(failure => failure.BudgetId == known.Id)));
        Assert.Equal(
            1,
            await app.ReadAsync(db =>
                db.AuditEvents.CountAsync(entry => entry.Action == AuditActions.LockedOut && entry.TargetId == known.Id.ToString())
            )
        );
        Assert.True(await app.RunAsync<AppUserManager, bool>(async users => await users.IsLockedOutAsync(await RowAsync(known))));
        app.Clock.Advance(TimeSpan.FromMinutes(15.1));
        Assert.False(await app.RunAsync<AppUserManager, bool>(async users => await users.IsLockedOutAsync(await RowAsync(known))));
    }

    [Fact]
    public async Task Failures_outside_the_window_do_not_count()
    {
        var known = await app.CreateUserAsync();

        for (var failure = 0; failure < 11; failure++)
        {
            if (failure == 9)
            {
                app.Clock.Advance(TimeSpan.FromMinutes(15.1));
            }

            await InsideAsync<Unit>(
                async (_, users) =>
                    (await users.AccessFailedAsync((await users.FindByIdAsync(known.Id.ToString()))!)).ToRefusal("id")
                    ?? Result.Of(default(Unit))
            );
        }

        var row = await RowAsync(known);
        Assert.Null(row.LockoutEnd);
        Assert.Equal(2, await app.RunAsync<AppUserManager, int>(users => users.GetAccessFailedCountAsync(row)));
    }

    [Fact]
    public async Task A_burst_of_64_wrong_passwords_checks_ten_and_records_one_lockout()
    {
        var user = await app.CreateUserAsync(password: TestData.Password);

        var statuses = await Task.WhenAll(
            Enumerable
                .Range(0, 64)
                .Select(async _ =>
                {
                    using var caller = app.Anonymous();
                    return (await caller.PostAsync("/api/auth/login", new { login = user.Email, password = TestData.NewPassword })).Status;
                })
        );

        var answered = statuses.Count(status => status == 401);
        Assert.All(statuses, status => Assert.Contains(status, new[] { 401, 503 }));
        var reasons = await app.ReadAsync(db =>
            db.AuditEvents.Where(entry => entry.Action == AuditActions.SignInFailed && entry.TargetId == user.Id.ToString())
                .Select(entry => entry.Details!)
                .ToListAsync()
        );
        Assert.Equal(Math.Min(10, answered), reasons.Count(reason => reason.Contains("wrong_password", StringComparison.Ordinal)));
        Assert.Equal(
            answered >= 10 ? 1 : 0,
            await app.ReadAsync(db =>
                db.AuditEvents.CountAsync(entry => entry.Action == AuditActions.LockedOut && entry.TargetId == user.Id.ToString())
            )
        );
    }
}
