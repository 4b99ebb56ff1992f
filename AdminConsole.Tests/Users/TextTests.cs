using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Users;

namespace AdminConsole.Tests.Users;

public abstract class TextTests(AdminApp app)
{
    // JSON over HTTP cannot contain these, but input on a page can.
    [Fact]
    public async Task Text_that_a_database_would_alter_is_refused()
    {
        var watch = await app.WatchAsync();

        foreach (var displayName in new[] { "half \ud83d", "\ude00 half", "turned \ude00\ud83d round", "a\0b" })
        {
            var created = await app.RunAsync<UserLifecycle, Result<UserDetails>>(users =>
                users.CreateAsync(TestData.System, new CreateUserRequest { Email = TestData.Email(), DisplayName = displayName }, default)
            );

            Assert.Equal("displayName", Assert.Single(created.Refusal!.Errors!).Key);
        }

        await watch.NothingHappenedAsync();
    }

    [Theory]
    [InlineData("Grüße 😀 🏳️‍🌈")]
    [InlineData("مرحبا")]
    [InlineData("\ufffd")]
    [InlineData("'; DROP TABLE \"Users\"; --")]
    [InlineData("<script>alert(1)</script>")]
    public async Task Any_other_text_is_stored_unchanged(string displayName)
    {
        var created = await app.RunAsync<UserLifecycle, Result<UserDetails>>(users =>
            users.CreateAsync(TestData.System, new CreateUserRequest { Email = TestData.Email(), DisplayName = displayName }, default)
        );

        Assert.Equal(displayName, created.Value.DisplayName);
        Assert.True(
            (
                await app.RunAsync<Core.Audit.AuditVerifier, Result<AuditVerification>>(verifier =>
                    verifier.VerifyAsync(TestData.System, default)
                )
            )
                .Value
                .Valid
        );
    }

    public sealed class OnSqlite(SqliteApp app) : TextTests(app), IClassFixture<SqliteApp>;

    public sealed class OnPostgres(PostgresApp app) : TextTests(app), IClassFixture<PostgresApp>;
}
