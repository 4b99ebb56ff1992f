using AdminConsole.Core.Contracts;
using AdminConsole.Tests.Email;
using AdminConsole.Tests.Tokens;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Tests.Account;

/// <summary>The own email changes once the link mailed to the new address is used.</summary>
public abstract class EmailConfirmationTests(AdminApp app)
{
    private async Task<string> AskAsync(TestUser person, string email)
    {
        (await person.Caller.PostAsync("/api/auth/email", new { email })).Is(202);
        return (await app.MailsAsync("confirm-email", email))[^1].Of("token");
    }

    private Task<ApiResponse> ConfirmAsync(string email, string token) =>
        app.Anonymous().PostAsync("/api/auth/confirm-email", new { email, token });

    [Fact]
    public async Task The_new_address_replaces_the_old_one_once_its_link_is_used()
    {
        var (person, email) = (await app.SignedInUserAsync(), TestData.Email("next"));
        var watch = await app.WatchAsync();

        var token = await AskAsync(person, email);

        Assert.Equal(person.Email, (await person.Caller.GetAsync("/api/auth/me")).As<Me>().Email);
        (await ConfirmAsync(email, token)).Is(204);
        await watch.RecordedAsync("user.email_change_requested", "user.email_changed");
        var me = (await person.Caller.GetAsync("/api/auth/me")).As<Me>();
        Assert.Equal((email, email), (me.Email, me.UserName));
        (await app.Anonymous().PostAsync("/api/auth/login", new { login = email, password = TestData.Password })).Is(200);
        (await app.Anonymous().PostAsync("/api/auth/login", new { login = person.Email, password = TestData.Password })).Refuses(
            401,
            "invalid_credentials"
        );
        Assert.Contains("Your own account", (await app.MailsAsync("email-changed", person.Email))[0].Text, StringComparison.Ordinal);
        await app.MailsAsync("new-email", email);
        (await ConfirmAsync(email, token)).Refuses(400, "invalid_token");
    }

    [Fact]
    public async Task The_email_names_no_user_because_the_address_may_be_a_strangers()
    {
        var (person, email) = (await app.SignedInUserAsync(), TestData.Email("typo"));
        await AskAsync(person, email);

        var mail = (await app.MailsAsync("confirm-email", email))[0];

        Assert.DoesNotContain(person.Email, mail.Text + mail.Html, StringComparison.Ordinal);
        Assert.DoesNotContain(person.User.DisplayName, mail.Text + mail.Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_the_latest_link_works_and_only_with_its_address()
    {
        var (person, first, second) = (await app.SignedInUserAsync(), TestData.Email("first"), TestData.Email("second"));
        var (old, token) = (await AskAsync(person, first), await AskAsync(person, second));

        (await ConfirmAsync(first, old)).Refuses(400, "invalid_token");
        (await ConfirmAsync(first, token)).Refuses(400, "invalid_token");
        (await ConfirmAsync(second, "nonsense")).Refuses(400, "invalid_token");
        (await ConfirmAsync(second.ToUpperInvariant(), token)).Is(204);
    }

    [Fact]
    public async Task A_link_for_an_email_sets_no_password_and_one_for_a_password_confirms_no_email()
    {
        var (person, email) = (await app.SignedInUserAsync(), TestData.Email("next"));
        var token = await AskAsync(person, email);
        (await app.Anonymous().PostAsync("/api/auth/forgot-password", new { email = person.Email })).Is(202);
        var reset = (await app.MailsAsync("password-reset", person.Email))[0].Of("token");

        foreach (var name in new[] { person.Email, email })
        {
            (
                await app.Anonymous()
                    .PostAsync(
                        "/api/auth/reset-password",
                        new
                        {
                            email = name,
                            token,
                            newPassword = TestData.NewPassword,
                        }
                    )
            ).Refuses(400, "invalid_token");
            (await ConfirmAsync(name, reset)).Refuses(400, "invalid_token");
        }

        (await ConfirmAsync(email, token)).Is(204);
    }

    [Fact]
    public async Task After_an_hour_the_link_is_refused()
    {
        var (person, email) = (await app.SignedInUserAsync(), TestData.Email("late"));
        var token = await AskAsync(person, email);

        app.Clock.Advance(TimeSpan.FromMinutes(61));

        (await ConfirmAsync(email, token)).Refuses(400, "invalid_token");
    }

    [Fact]
    public async Task An_address_in_use_is_not_disclosed_and_its_owner_is_notified()
    {
        var (person, owner) = (await app.SignedInUserAsync(), await app.CreateUserAsync());

        (await person.Caller.PostAsync("/api/auth/email", new { email = owner.Email!.ToUpperInvariant() })).Is(202);

        var mail = Assert.Single(await app.MailsAsync("email-in-use", owner.Email.ToUpperInvariant()));
        Assert.DoesNotContain("token", mail.Text, StringComparison.Ordinal);
        using var admin = await app.SignInAdminAsync();
        (await admin.PostAsync("/api/auth/email", new { email = owner.Email })).Refuses(409, "duplicate_email");
    }

    [Fact]
    public async Task An_address_that_another_account_takes_meanwhile_is_refused()
    {
        var (person, email) = (await app.SignedInUserAsync(), TestData.Email("wanted"));
        var token = await AskAsync(person, email);
        await app.CreateUserAsync(email);

        (await ConfirmAsync(email, token)).Refuses(409, "duplicate_email");

        Assert.Equal(person.Email, (await person.Caller.GetAsync("/api/auth/me")).As<Me>().Email);
    }

    [Fact]
    public async Task Of_32_concurrent_confirmations_one_succeeds()
    {
        var (person, email) = (await app.SignedInUserAsync(), TestData.Email("next"));
        var token = await AskAsync(person, email);
        var watch = await app.WatchAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 32).Select(_ => ConfirmAsync(email, token)));

        Assert.Single(answers, answer => answer.Status == 204);
        Assert.All(answers.Where(answer => answer.Status != 204), answer => answer.Refuses(400, "invalid_token"));
        await watch.RecordedAsync("user.email_changed");
    }

    [Fact]
    public async Task One_address_confirmed_by_two_users_concurrently_goes_to_one()
    {
        var email = TestData.Email("wanted");
        TestUser[] both = [await app.SignedInUserAsync(), await app.SignedInUserAsync()];
        List<string> tokens = [];
        foreach (var person in both)
        {
            (await person.Caller.PostAsync("/api/auth/email", new { email })).Is(202);
            var mails = await app.MailsAsync("confirm-email", email, tokens.Count + 1);
            tokens.Add(mails.Select(mail => mail.Of("token")).Single(token => !tokens.Contains(token)));
        }

        Assert.Equal(2, tokens.Distinct().Count());
        var answers = await Task.WhenAll(tokens.Select(token => ConfirmAsync(email, token)));

        Assert.Single(answers, answer => answer.Status == 204);
        Assert.Equal(1, await app.ReadAsync(db => db.Users.CountAsync(user => user.Email == email)));
    }

    [Fact]
    public async Task A_second_request_keeps_another_users_queued_email_to_the_same_address()
    {
        // No server listens on that port, so emails stay queued.
        await using var cut = await AdminApp.StartAsync(
            app.Provider,
            settings: [("Mail:Host", "127.0.0.1"), ("Mail:Port", "1"), ("Mail:Security", "None"), ("Mail:From", "console@example.com")]
        );
        var email = TestData.Email("wanted");
        TestUser[] both = [await cut.SignedInUserAsync(), await cut.SignedInUserAsync()];
        foreach (var person in both)
        {
            (await person.Caller.PostAsync("/api/auth/email", new { email })).Is(202);
        }

        (await both[0].Caller.PostAsync("/api/auth/email", new { email = TestData.Email() })).Is(202);

        Assert.Equal(2, await cut.ReadAsync(db => db.OutboxMails.CountAsync(mail => mail.Recipient == email)));
    }

    [Fact]
    public async Task Of_32_concurrent_requests_three_are_accepted_and_one_link_is_valid()
    {
        var person = await app.SignedInUserAsync();

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 32).Select(_ => person.Caller.PostAsync("/api/auth/email", new { email = TestData.Email("burst") }))
        );

        Assert.Equal(3, answers.Count(answer => answer.Status == 202));
        Assert.All(answers.Where(answer => answer.Status != 202), answer => answer.Refuses(429, "rate_limited"));
        Assert.Equal(1, await app.ReadAsync(db => db.SingleUseLinks.CountAsync(link => link.UserId == person.Id && link.UsedAt == null)));
    }

    [Fact]
    public async Task A_username_that_is_not_an_address_is_kept()
    {
        using var admin = await app.SignInAdminAsync();
        var (person, email, userName) = (await app.SignedInUserAsync(), TestData.Email("next"), TestData.Name("stays"));
        (await admin.PatchAsync($"/api/users/{person.Id}", new { userName })).Is(200);

        (await ConfirmAsync(email, await AskAsync(person, email))).Is(204);

        Assert.Equal(userName, (await person.Caller.GetAsync("/api/auth/me")).As<Me>().UserName);
    }

    [Fact]
    public async Task An_invalid_address_is_refused_before_an_email_is_queued()
    {
        var person = await app.SignedInUserAsync();

        foreach (
            var email in new[]
            {
                "",
                "nonsense",
                "a@b@c",
                person.Email,
                person.Email.ToUpperInvariant(),
                new string('a', 250) + "@example.com",
            }
        )
        {
            (await person.Caller.PostAsync("/api/auth/email", new { email })).RefusesFields("email");
        }
    }

    [Fact]
    public async Task An_email_change_needs_a_recent_sign_in_and_is_rate_limited()
    {
        var person = await app.SignedInUserAsync();
        var token = await person.Caller.CreateTokenAsync();
        (await app.With(token.Token).PostAsync("/api/auth/email", new { email = TestData.Email() })).Refuses(403, "interactive_required");
        (await app.Anonymous().PostAsync("/api/auth/email", new { email = TestData.Email() })).Refuses(401, "unauthenticated");
        for (var asked = 0; asked < 3; asked++)
        {
            (await person.Caller.PostAsync("/api/auth/email", new { email = TestData.Email() })).Is(202);
        }

        var refused = (await person.Caller.PostAsync("/api/auth/email", new { email = TestData.Email() })).Refuses(429, "rate_limited");

        Assert.Single(refused.Headers["Retry-After"]);
        app.Clock.Advance(TimeSpan.FromMinutes(16));
        (await person.Caller.PostAsync("/api/auth/email", new { email = TestData.Email() })).Refuses(403, "fresh_sign_in_required");
    }

    public sealed class OnSqlite(SqliteApp app) : EmailConfirmationTests(app), IClassFixture<SqliteApp>;

    public sealed class OnPostgres(PostgresApp app) : EmailConfirmationTests(app), IClassFixture<PostgresApp>;
}
