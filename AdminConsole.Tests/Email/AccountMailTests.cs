using AdminConsole.Core.Account;
using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Email;
using AdminConsole.Core.Identity;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Tests.Email;

/// <summary>Emails about accounts: recipients, content, and the effect of their links.</summary>
public abstract class AccountMailTests(AdminApp app)
{
    private Task<Result<Unit>> LockAsync(string token) =>
        app.RunAsync<OwnerLockdown, Result<Unit>>(lockdown => lockdown.RedeemAsync(Core.Security.Actor.Anonymous(), token, default));

    private Task<int> DecoysAsync() => app.ReadAsync(db => db.OutboxMails.CountAsync(row => row.Recipient == OutboxMail.DecoyRecipient));

    private async Task<string> AlertAsync(TestUser person)
    {
        using var other = await app.SignInAsync(person.Email);
        return (await app.MailsAsync("new-device", person.Email))[^1].Of("token");
    }

    [Fact]
    public async Task A_forgotten_password_gets_one_response_and_is_mailed_to_the_user_only()
    {
        var person = await app.SignedInUserAsync();
        var without = await app.CreateUserAsync();
        using var admin = await app.SignInAdminAsync();
        var inactive = await app.SignedInUserAsync();
        (await admin.PostAsync($"/api/users/{inactive.Id}/deactivate")).Is(200);
        using var stranger = app.Anonymous();
        var decoys = await DecoysAsync();

        var answers = new List<string>();
        foreach (var email in new[] { person.Email, without.Email, inactive.Email, "nobody-at-all@example.com" })
        {
            answers.Add((await stranger.PostAsync("/api/auth/forgot-password", new { email })).Is(202).Text);
        }

        Assert.Single(answers.Distinct());
        var mail = Assert.Single(await app.MailsAsync("password-reset", person.Email));
        (
            await stranger.PostAsync(
                "/api/auth/reset-password",
                new
                {
                    email = person.Email,
                    token = mail.Of("token"),
                    newPassword = TestData.NewPassword,
                }
            )
        ).Is(204);
        await app.MailsAsync("password-changed", person.Email);
        Assert.Equal(decoys + 3, await DecoysAsync());
        Assert.Empty(Mailbox.Find(app, "password-reset", without.Email!).Concat(Mailbox.Find(app, "password-reset", inactive.Email)));
        (await stranger.PostAsync("/api/auth/forgot-password", new { })).RefusesFields("email");
    }

    [Fact]
    public async Task Of_32_concurrent_requests_three_are_mailed_and_an_administrators_link_stays_valid()
    {
        var person = await app.SignedInUserAsync();
        using var admin = await app.SignInAdminAsync();
        var link = (await admin.PostAsync($"/api/users/{person.Id}/reset-password")).Is(200).As<PasswordResetLink>();
        using var stranger = app.Anonymous();

        await Task.WhenAll(
            Enumerable
                .Range(0, 32)
                .Select(async _ => (await stranger.PostAsync("/api/auth/forgot-password", new { email = person.Email })).Is(202))
        );

        Assert.Equal(
            3,
            await app.ReadAsync(db =>
                db.SingleUseLinks.CountAsync(link => link.UserId == person.Id && link.Purpose == SingleUseTokens.ForgottenPassword)
            )
        );
        (
            await stranger.PostAsync(
                "/api/auth/reset-password",
                new
                {
                    email = person.Email,
                    token = link.ResetToken,
                    newPassword = TestData.NewPassword,
                }
            )
        ).Is(204);
        Assert.False(await app.ReadAsync(db => db.SingleUseLinks.AnyAsync(link => link.UserId == person.Id && link.UsedAt == null)));
    }

    [Fact]
    public async Task An_invitation_sets_a_password_once_within_7_days()
    {
        using var admin = await app.SignInAdminAsync();
        var (email, late) = (TestData.Email("invited"), TestData.Email("invited"));
        (await admin.PostAsync("/api/users", new { email, invite = true })).Is(201);
        var mail = (await app.MailsAsync("invitation", email))[0];
        Assert.Equal("/invitation", mail.Link.AbsolutePath);
        using var caller = app.Anonymous();
        (
            await caller.PostAsync(
                "/api/auth/reset-password",
                new
                {
                    email,
                    token = mail.Of("token"),
                    newPassword = TestData.NewPassword,
                }
            )
        ).Is(204);
        (
            await caller.PostAsync(
                "/api/auth/reset-password",
                new
                {
                    email,
                    token = mail.Of("token"),
                    newPassword = TestData.Password,
                }
            )
        ).Refuses(400, "invalid_token");
        using var invited = await app.SignInAsync(email, TestData.NewPassword);

        (await admin.PostAsync("/api/users", new { email = late, invite = true })).Is(201);
        var lateMail = (await app.MailsAsync("invitation", late))[0];
        app.Clock.Advance(TimeSpan.FromDays(7.1));

        (
            await caller.PostAsync(
                "/api/auth/reset-password",
                new
                {
                    email = late,
                    token = lateMail.Of("token"),
                    newPassword = TestData.NewPassword,
                }
            )
        ).Refuses(400, "invalid_token");
    }

    [Fact]
    public async Task A_new_browser_is_mailed_and_the_first_sign_in_is_not()
    {
        var person = await app.SignedInUserAsync();
        (await person.Caller.PostAsync("/api/auth/login", new { login = person.Email, password = TestData.Password })).Is(200);

        using var other = await app.SignInAsync(person.Email);

        Assert.Single(await app.MailsAsync("new-device", person.Email));
        Assert.Equal(
            1,
            await app.ReadAsync(db => db.OutboxMails.CountAsync(mail => mail.Kind == "new-device" && mail.Recipient == person.Email))
        );
    }

    [Fact]
    public async Task Reporting_a_sign_in_locks_the_account_once_for_concurrent_requests()
    {
        var person = await app.SignedInUserAsync();
        var token = await AlertAsync(person);
        var watch = await app.WatchAsync();

        var results = await Task.WhenAll(Enumerable.Range(0, 32).Select(_ => LockAsync(token)));

        Assert.Single(results, result => result.Refusal is null);
        Assert.All(results.Where(result => result.Refusal is not null), result => Assert.Equal("invalid_token", result.Refusal!.Code));
        await watch.RecordedAsync("user.locked_down");
        (await person.Caller.GetAsync("/api/auth/me")).Refuses(401, "unauthenticated");
        Assert.False(await app.ReadAsync(db => db.Users.Where(user => user.Id == person.Id).Select(user => user.Active).SingleAsync()));
        await app.MailsAsync("lockdown", person.Email);
    }

    [Fact]
    public async Task Reporting_a_sign_in_is_possible_for_a_day()
    {
        var person = await app.SignedInUserAsync();
        var token = await AlertAsync(person);

        app.Clock.Advance(TimeSpan.FromHours(24.1));

        Assert.Equal("invalid_token", (await LockAsync(token)).Refusal?.Code);
        Assert.Equal("invalid_token", (await LockAsync("")).Refusal?.Code);
    }

    [Fact]
    public async Task Reporting_a_sign_in_does_not_lock_the_only_administrator()
    {
        await using var alone = await AdminApp.StartAsync(app.Provider);
        await alone.CreateUserAsync(TestData.AdminEmail, TestData.Password, "Admin");
        using var one = await alone.SignInAdminAsync();
        using var two = await alone.SignInAdminAsync();
        var token = (await alone.MailsAsync("new-device", TestData.AdminEmail))[0].Of("token");

        var refused = await alone.RunAsync<OwnerLockdown, Result<Unit>>(lockdown =>
            lockdown.RedeemAsync(Core.Security.Actor.Anonymous(), token, default)
        );

        Assert.Equal("last_admin", refused.Refusal?.Code);
        (await one.GetAsync("/api/auth/me")).Is(200);
    }

    [Fact]
    public async Task An_administrators_lockdown_and_password_change_are_mailed()
    {
        var person = await app.SignedInUserAsync();
        using var admin = await app.SignInAdminAsync();

        (await admin.PostAsync($"/api/users/{person.Id}/set-password", new { password = TestData.NewPassword })).Is(204);
        (await admin.PostAsync($"/api/users/{person.Id}/lockdown", new { })).Is(200);

        Assert.Contains(TestData.AdminEmail, (await app.MailsAsync("password-set", person.Email))[0].Text, StringComparison.Ordinal);
        Assert.Contains(TestData.AdminEmail, (await app.MailsAsync("lockdown", person.Email))[0].Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Test_email_and_retry_need_the_permission_and_a_recent_sign_in()
    {
        var person = await app.SignedInUserAsync();
        var actor = Core.Security.Actor.System("x") with
        {
            Via = Core.Security.AuthenticationMethod.Session,
            UserId = person.Id,
            EffectivePermissions = new HashSet<string>(),
            AuthenticatedAt = app.Clock.GetUtcNow(),
        };

        Assert.Equal(
            "forbidden",
            (await app.RunAsync<OutboxAdministration, Result<OutboxStatus>>(outbox => outbox.GetAsync(actor, default))).Refusal?.Code
        );
        Assert.Equal(
            "forbidden",
            (await app.RunAsync<OutboxAdministration, Result<string>>(outbox => outbox.SendTestAsync(actor, default))).Refusal?.Code
        );
        Assert.Equal(
            "forbidden",
            (await app.RunAsync<OutboxAdministration, Result<int>>(outbox => outbox.RetryAsync(actor, null, default))).Refusal?.Code
        );

        var stale = actor with
        {
            EffectivePermissions = Core.Security.Permissions.All,
            AuthenticatedAt = app.Clock.GetUtcNow().AddHours(-1),
        };
        Assert.Equal(
            "fresh_sign_in_required",
            (await app.RunAsync<OutboxAdministration, Result<string>>(outbox => outbox.SendTestAsync(stale, default))).Refusal?.Code
        );
        Assert.Equal(
            "fresh_sign_in_required",
            (await app.RunAsync<OutboxAdministration, Result<int>>(outbox => outbox.RetryAsync(stale, null, default))).Refusal?.Code
        );
    }

    public sealed class OnSqlite(SqliteApp app) : AccountMailTests(app), IClassFixture<SqliteApp>;

    public sealed class OnPostgres(PostgresApp app) : AccountMailTests(app), IClassFixture<PostgresApp>;
}
