using System.Text;
using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Users;
using AdminConsole.Tests.Email;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Tests.Account;

/// <summary>A change of the email is announced to the old and the new address.</summary>
public abstract class EmailChangeTests(AdminApp app)
{
    private Task<int> NoticesAsync(params string[] addresses) =>
        app.ReadAsync(db =>
            db.OutboxMails.CountAsync(mail =>
                (mail.Kind == "email-changed" || mail.Kind == "new-email") && addresses.Contains(mail.Recipient)
            )
        );

    [Fact]
    public async Task Both_addresses_are_notified_when_and_by_whom()
    {
        using var admin = await app.SignInAdminAsync();
        var (user, email) = (await app.CreateUserAsync(), TestData.Email("moved"));

        (await admin.PatchAsync($"/api/users/{user.Id}", new { email })).Is(200);

        var old = Assert.Single(await app.MailsAsync("email-changed", user.Email!));
        var mail = Assert.Single(await app.MailsAsync("new-email", email));
        foreach (var text in new[] { old.Text, old.Html, mail.Text, mail.Html })
        {
            Assert.Contains(TestData.AdminEmail, text, StringComparison.Ordinal);
            Assert.Contains(app.Clock.GetUtcNow().ToString("d MMMM yyyy, HH:"), text, StringComparison.Ordinal);
            Assert.Matches("contact (your|the) administrator", text);
        }

        // Either mailbox may belong to a stranger, so no email names the other address.
        Assert.DoesNotContain(email, old.Text + old.Html, StringComparison.Ordinal);
        Assert.DoesNotContain(user.Email!, mail.Text + mail.Html, StringComparison.Ordinal);
        Assert.Equal(2, await NoticesAsync(user.Email!, email));
    }

    [Fact]
    public async Task A_refused_change_sends_no_email()
    {
        using var admin = await app.SignInAdminAsync();
        var (user, other, free) = (await app.CreateUserAsync(), await app.CreateUserAsync(), TestData.Email("free"));

        (await admin.PatchAsync($"/api/users/{user.Id}", new { email = other.Email })).Refuses(409, "duplicate_email");
        (await admin.PatchAsync($"/api/users/{user.Id}", new { email = free, roles = new[] { "Nonsense" } })).Refuses(400, "unknown_role");

        Assert.Equal(0, await NoticesAsync(user.Email!, other.Email!, free));
    }

    [Fact]
    public async Task Another_name_or_spelling_is_not_another_address()
    {
        using var admin = await app.SignInAdminAsync();
        var user = await app.CreateUserAsync();
        var upper = user.Email!.ToUpperInvariant();

        (await admin.PatchAsync($"/api/users/{user.Id}", new { displayName = "Other" })).Is(200);
        (await admin.PatchAsync($"/api/users/{user.Id}", new { userName = TestData.Name("other") })).Is(200);
        (await admin.PatchAsync($"/api/users/{user.Id}", new { email = upper })).Is(200);

        Assert.Equal(0, await NoticesAsync(user.Email, upper));
    }

    /// <summary>An import matches users by their email, so it can rename them but never change the email.</summary>
    [Fact]
    public async Task An_import_changes_no_address()
    {
        var (user, upper) = (await app.CreateUserAsync(), TestData.Name("imported"));
        var csv = $"email,userName,displayName\n{user.Email!.ToUpperInvariant()},{upper},Imported\n";

        var result = (
            await app.RunAsync<UserImport, Result<ImportResult>>(import =>
                import.RunAsync(TestData.System, new MemoryStream(Encoding.UTF8.GetBytes(csv)), dryRun: false, progress: null, default)
            )
        ).Value;

        Assert.Equal(1, result.Updated);
        var stored = await app.ReadAsync(db => db.Users.SingleAsync(row => row.Id == user.Id));
        Assert.Equal((user.Email, upper), (stored.Email, stored.UserName));
        Assert.Equal(0, await NoticesAsync(user.Email, user.Email.ToUpperInvariant()));
    }

    public sealed class OnSqlite(SqliteApp app) : EmailChangeTests(app), IClassFixture<SqliteApp>;

    public sealed class OnPostgres(PostgresApp app) : EmailChangeTests(app), IClassFixture<PostgresApp>;
}
