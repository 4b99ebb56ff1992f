using AdminConsole.Core.Contracts;
using AdminConsole.Core.Tokens;
using AdminConsole.Tests.OAuth;
using AdminConsole.Tests.Tokens;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Tests.Email;

/// <summary>Emails about personal access tokens.</summary>
public abstract class TokenMailTests(AdminApp app)
{
    [Fact]
    public async Task Owners_are_notified_of_new_tokens_and_once_of_each_expiry()
    {
        var person = await app.SignedInUserAsync();
        foreach (var days in new int?[] { 30, 5 })
        {
            (await person.Caller.PostAsync("/api/tokens", new { name = $"of {days} days", expiresInDays = days })).Is(201);
        }

        await app.MailsAsync("token-created", person.Email, 2);
        var reminders = app.Services.GetRequiredService<TokenReminders>();
        await reminders.RunOnceAsync(default);
        Assert.Empty(Mailbox.Find(app, "token-expiring", person.Email));

        app.Clock.Advance(TimeSpan.FromDays(23.5));
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => reminders.RunOnceAsync(default)));
        Assert.Contains("7 days", Assert.Single(await RemindersAsync(person, 1)).Subject, StringComparison.Ordinal);
        app.Clock.Advance(TimeSpan.FromDays(6));
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => reminders.RunOnceAsync(default)));

        var mails = await RemindersAsync(person, 2);
        Assert.Equal(2, mails.Count);
        Assert.Contains("within a day", mails[1].Subject, StringComparison.Ordinal);
    }

    private async Task<List<ReadMail>> RemindersAsync(TestUser person, int count)
    {
        Assert.Equal(
            count,
            await app.ReadAsync(db => db.OutboxMails.CountAsync(mail => mail.Kind == "token-expiring" && mail.Recipient == person.Email))
        );
        return await app.MailsAsync("token-expiring", person.Email, count);
    }

    [Fact]
    public async Task Use_of_a_rotated_out_token_is_mailed_to_its_owner()
    {
        var person = await app.SignedInUserAsync();
        var made = (await person.Caller.PostAsync("/api/tokens", new { name = "Deploy" })).Is(201).As<CreatedToken>();
        (await person.Caller.PostAsync($"/api/tokens/{made.Id}/rotate", new { })).Is(201);
        using var thief = app.Anonymous();

        for (var use = 0; use < 3; use++)
        {
            (await thief.GetAsync("/api/auth/me", ("Authorization", $"Bearer {made.Token}"))).Is(401);
        }

        Assert.Contains("Deploy", Assert.Single(await app.MailsAsync("token-reused", person.Email)).Subject, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_revocation_by_a_stranger_is_mailed_once()
    {
        var person = await app.SignedInUserAsync();
        var (revoked, own) = (
            (await person.Caller.PostAsync("/api/tokens", new { name = "Leaked" })).Is(201).As<CreatedToken>(),
            await person.Caller.CreateTokenAsync()
        );
        using var stranger = app.Anonymous();

        for (var time = 0; time < 2; time++)
        {
            (await stranger.FormAsync("/oauth/revoke", ("token", revoked.Token))).Is(200);
            (await stranger.FormAsync("/oauth/revoke", ("token", revoked.Token[..^1] + "x"))).Is(200);
        }

        (await person.Caller.DeleteAsync($"/api/tokens/{own.Id}")).Is(204);

        var mail = Assert.Single(await app.MailsAsync("token-revoked", person.Email));
        Assert.Contains("Leaked", mail.Subject, StringComparison.Ordinal);
        Assert.DoesNotContain(revoked.Token, mail.Text + mail.Html, StringComparison.Ordinal);
        Assert.Equal(
            1,
            await app.ReadAsync(db => db.OutboxMails.CountAsync(row => row.Kind == "token-revoked" && row.Recipient == person.Email))
        );
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Only_a_revocation_from_a_session_is_not_mailed(bool bySession)
    {
        var person = await app.SignedInUserAsync();
        var token = (await person.Caller.CreateTokenAsync()).Token;

        // A thief has only the token, which also authenticates the request.
        var body = new FormUrlEncodedContent([new("token", token)]);
        (
            await (
                bySession
                    ? person.Caller.SendAsync(HttpMethod.Post, "/oauth/revoke", body)
                    : app.With(token).SendAsync(HttpMethod.Post, "/oauth/revoke", body)
            )
        ).Is(200);

        Assert.True(await app.ReadAsync(db => db.PersonalAccessTokens.AllAsync(row => row.OwnerId != person.Id || row.RevokedAt != null)));
        Assert.Equal(
            bySession ? 0 : 1,
            await app.ReadAsync(db => db.OutboxMails.CountAsync(row => row.Kind == "token-revoked" && row.Recipient == person.Email))
        );
    }

    public sealed class OnSqlite(SqliteApp app) : TokenMailTests(app), IClassFixture<SqliteApp>;

    public sealed class OnPostgres(PostgresApp app) : TokenMailTests(app), IClassFixture<PostgresApp>;
}
