using AdminConsole.Core.Contracts;
using AdminConsole.Core.Identity.Passwords;

namespace AdminConsole.Tests.Identity.Passwords;

public abstract class PasswordStrengthTests(AdminApp app)
{
    [Fact]
    public async Task No_operation_sets_a_password_that_is_easy_to_guess()
    {
        const string Weak = "password1234";
        using var admin = await app.SignInAdminAsync();
        var person = await app.SignedInUserAsync();
        var reset = (await admin.PostAsync($"/api/users/{person.Id}/reset-password")).Is(200).As<PasswordResetLink>();
        var watch = await app.WatchAsync();

        var refused = new[]
        {
            (await admin.PostAsync("/api/users", TestData.User(password: Weak))).RefusesFields("password"),
            (await admin.PostAsync($"/api/users/{person.Id}/set-password", new { password = Weak })).RefusesFields("password"),
            (
                await person.Caller.PostAsync("/api/auth/password", new { currentPassword = TestData.Password, newPassword = Weak })
            ).RefusesFields("newPassword"),
            (
                await admin.PostAsync(
                    "/api/auth/reset-password",
                    new
                    {
                        email = person.Email,
                        token = reset.ResetToken,
                        newPassword = Weak,
                    }
                )
            ).RefusesFields("newPassword"),
        };

        Assert.All(
            refused,
            answer =>
                Assert.Contains(
                    "This password is easy to guess: it contains a common password. Add another word or two.",
                    answer.Text,
                    StringComparison.Ordinal
                )
        );
        await watch.NothingHappenedAsync();
    }

    [Theory]
    [InlineData("password")]
    [InlineData("Passw0rd")]
    public async Task Setup_refuses_a_password_that_is_easy_to_guess(string word)
    {
        await using var empty = await AdminApp.StartAsync(app.Provider);

        (await empty.Anonymous().PostAsync("/api/auth/setup", new { email = TestData.AdminEmail, password = word + "1234" })).RefusesFields(
            "password"
        );

        (await empty.Anonymous().PostAsync("/api/auth/setup", new { email = TestData.AdminEmail, password = TestData.Password })).Is(200);
    }

    [Theory]
    [InlineData("z{0}@example.com99", "the email")]
    [InlineData("zarathustra.{0}1", "the username")]
    [InlineData("Wilhelmina{0} 2026", "the name")]
    [InlineData("AdminConsole{0}", "the name of this product")]
    public async Task Personal_details_make_a_password_easy_to_guess(string form, string reason)
    {
        using var admin = await app.SignInAdminAsync();
        var number = TestData.Name("").TrimStart('-');
        var password = form.Replace("{0}", number, StringComparison.Ordinal);

        var refused = (
            await admin.PostAsync(
                "/api/users",
                new
                {
                    email = $"z{number}@example.com",
                    userName = $"zarathustra.{number}",
                    displayName = $"Wilhelmina{number}",
                    password,
                }
            )
        ).RefusesFields("password");

        Assert.Contains(
            $"This password is easy to guess: it contains {reason}. Add another word or two.",
            refused.Text,
            StringComparison.Ordinal
        );
    }

    public sealed class OnSqlite(SqliteApp app) : PasswordStrengthTests(app), IClassFixture<SqliteApp>;

    public sealed class OnPostgres(PostgresApp app) : PasswordStrengthTests(app), IClassFixture<PostgresApp>;

    public sealed class Estimates
    {
        private static readonly PasswordOwner Zoe = new("zoe.smith@example.com", "zsmith", "Zoe Müller-Smith");

        [Theory]
        [InlineData("password1234", "a common password")]
        [InlineData("iloveyou12345", "a common password")]
        [InlineData("Summer2026!Summer", "a common")]
        [InlineData("jennifer19850412", "a common name")]
        [InlineData("P@ssw0rd2026", "a common password")]
        [InlineData("1q2w3e4r5t6y7", "")]
        [InlineData("aaaaaaaaaaaa1", "it repeats a character")]
        [InlineData("abcdefghijkl1", "a sequence such as abc or 123")]
        [InlineData("zoe.smith@example.com1", "the email")]
        [InlineData("ZoeSmith2026", "the email")]
        [InlineData("müller-smith1", "the name")]
        [InlineData("AdminConsole12", "the name of this product")]
        [InlineData("admin console 1", "the name of this product")]
        public void A_common_guess_is_refused_with_its_reason(string password, string reason)
        {
            var weakness = PasswordStrength.Weakness(password, Zoe);

            Assert.StartsWith("This password is easy to guess", weakness, StringComparison.Ordinal);
            Assert.Contains(reason, weakness, StringComparison.Ordinal);
        }

        [Theory]
        [InlineData(TestData.Password)]
        [InlineData(TestData.NewPassword)]
        [InlineData("tulip-anchor-42-violet")]
        [InlineData("blue lamp 9 river")]
        [InlineData("Mein Fahrrad ist 7 Jahre alt")]
        [InlineData("7 dogs eat fish")]
        [InlineData("fEUs-wT43-kq9Z")]
        [InlineData("Xk7vQ2pLm9Rt")]
        [InlineData("4hb7vnq2mmxw")]
        [InlineData("Zoe likes 3 green tractors")]
        public void A_passphrase_or_a_generated_password_is_accepted(string password) =>
            Assert.Null(PasswordStrength.Weakness(password, Zoe));

        [Fact]
        public void Any_text_of_any_user_is_estimated()
        {
            var random = new Random(1);
            string Text(int length) => new([.. Enumerable.Range(0, length).Select(_ => (char)random.Next(1, 0xFFFF))]);

            for (var round = 0; round < 200; round++)
            {
                PasswordStrength.Weakness(
                    Text(random.Next(1, 129)),
                    new PasswordOwner(Text(random.Next(0, 60)), null, Text(random.Next(0, 60)))
                );
            }

            Assert.NotNull(PasswordStrength.Weakness(new string('1', 128), new PasswordOwner(null, "a@@..  b", "")));
        }
    }
}
