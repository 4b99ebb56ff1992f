using System.Net.Http.Headers;
using System.Text;
using AdminConsole.Core.Account;
using AdminConsole.Core.Audit;
using AdminConsole.Core.Authentication;
using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Security;
using AdminConsole.Core.Users;

namespace AdminConsole.Tests.Names;

/// <summary>The rules of names and addresses for every operation that accepts one.</summary>
public abstract class NameRuleTests(AdminApp app)
{
    private static bool IsAccepted(string expected) => expected.StartsWith("accepted", StringComparison.Ordinal);

    private async Task<Actor> ActorAsync()
    {
        var user = await app.CreateUserAsync(password: TestData.Password);
        return TestData.System with
        {
            UserId = user.Id,
            Name = user.Email!,
            Via = AuthenticationMethod.Session,
            AuthenticatedAt = app.Clock.GetUtcNow(),
        };
    }

    [Fact]
    public async Task Addresses_are_accepted_refused_or_taken_as_in_the_samples()
    {
        using var admin = await app.SignInAdminAsync();
        foreach (var row in Samples.Read("emails.tsv"))
        {
            var (email, same, expected) = (row[0], row[1], row[2]);
            var other = same.Length == 0 ? null : (await admin.PostAsync("/api/users", new { email = same })).Is(201).As<UserDetails>();

            var answer = await admin.PostAsync("/api/users", new { email });

            var outcome = answer.Status switch
            {
                201 => "accepted",
                409 => answer.Refuses(409, "duplicate_email").Code!,
                _ => answer.RefusesFields("email") is not null ? "refused" : "",
            };
            Assert.True(
                expected.Split(" or ").Any(one => one.StartsWith(outcome, StringComparison.Ordinal)),
                $"{email}: {outcome}, expected {expected}"
            );
            foreach (var made in new[] { other?.Id, answer.Status == 201 ? answer.As<UserDetails>().Id : null })
            {
                (await admin.DeleteAsync($"/api/users/{made ?? Guid.Empty}")).Is(made is null ? 404 : 204);
            }
        }
    }

    [Fact]
    public async Task Display_names_are_accepted_or_refused_as_in_the_samples()
    {
        using var admin = await app.SignInAdminAsync();
        foreach (var row in Samples.Read("names.tsv"))
        {
            var created = await admin.PostAsync("/api/users", new { email = TestData.Email(), displayName = row[0] });
            var changed = await admin.PatchAsync($"/api/users/{(await app.CreateUserAsync()).Id}", new { displayName = row[0] });

            _ = IsAccepted(row[1]) ? created.Is(201) : created.RefusesFields("displayName");
            _ = IsAccepted(row[1]) ? changed.Is(200) : changed.RefusesFields("displayName");
        }
    }

    [Fact]
    public async Task Token_and_view_and_passkey_names_and_reasons_follow_the_same_rule()
    {
        using var admin = await app.SignInAdminAsync();
        var (actor, token) = (
            await ActorAsync(),
            (await admin.PostAsync("/api/tokens", new { name = "plain" })).Is(201).As<CreatedToken>()
        );
        foreach (var row in Samples.Read("names.tsv"))
        {
            var accepted = IsAccepted(row[1]);
            _ = accepted
                ? (await admin.PostAsync("/api/tokens", new { name = row[0] })).Is(201)
                : (await admin.PostAsync("/api/tokens", new { name = row[0] })).RefusesFields("name");
            _ = accepted
                ? (await admin.PatchAsync($"/api/tokens/{token.Id}", new { name = row[0] })).Is(200)
                : (await admin.PatchAsync($"/api/tokens/{token.Id}", new { name = row[0] })).RefusesFields("name");
            var view = await app.RunAsync<SavedViews, Result<SavedAuditView>>(views =>
                views.SaveAsync(actor, new SaveViewRequest { Name = row[0] }, new AuditQuery(), default)
            );
            Assert.Equal(accepted ? null : "validation_failed", view.Refusal?.Code);
            var passkey = await app.RunAsync<OwnPasskeys, Result<Unit>>(passkeys =>
                passkeys.RenameAsync(actor, [1, 2, 3], row[0], default)
            );
            Assert.Equal(accepted ? "not_found" : "validation_failed", passkey.Refusal?.Code);
        }

        var user = await app.CreateUserAsync();
        (await admin.PostAsync($"/api/users/{user.Id}/deactivate", new { reason = "left \u202e" })).RefusesFields("reason");
        (
            await admin.PostAsync(
                "/api/users/bulk",
                new
                {
                    ids = new[] { user.Id },
                    action = "deactivate",
                    reason = "left\u001b[2J",
                }
            )
        ).RefusesFields("reason");
    }

    [Fact]
    public async Task An_import_names_the_row_and_matches_users_by_either_spelling()
    {
        using var admin = await app.SignInAdminAsync();
        var jose = (await admin.PostAsync("/api/users", new { email = "josé@example.com", displayName = "José" }))
            .Is(201)
            .As<UserDetails>();

        var known = (await ImportAsync(admin, await File.ReadAllBytesAsync(Samples.PathOf("csv/decomposed.csv"))))
            .Is(200)
            .As<ImportResult>();
        var refused = await ImportAsync(
            admin,
            Encoding.UTF8.GetBytes(
                $"email,displayName\n{TestData.Email()},Fine\n{TestData.Email()},A\u3164\n\"\"\"a,b\"\"@example.com\",\n"
            )
        );

        Assert.Equal((0, 1), (known.Created, known.Updated));
        Assert.Equal("José Sample", (await admin.GetAsync($"/api/users/{jose.Id}")).As<UserDetails>().DisplayName);
        refused.Refuses(400, "import_failed");
        Assert.Equal(
            [(3, "displayName"), (4, "email")],
            refused
                .Json.GetProperty("rows")
                .EnumerateArray()
                .Select(row => (row.GetProperty("row").GetInt32(), row.GetProperty("field").GetString()!))
        );
        (await admin.DeleteAsync($"/api/users/{jose.Id}")).Is(204);
    }

    [Fact]
    public async Task Setup_recovery_and_profile_follow_the_rules_too()
    {
        await using var fresh = await AdminApp.StartAsync(app.Provider);
        using var anonymous = fresh.Anonymous();
        (await anonymous.PostAsync("/api/auth/setup", new { email = "a.@example.com", password = TestData.Password })).RefusesFields(
            "email"
        );
        (
            await anonymous.PostAsync(
                "/api/auth/setup",
                new
                {
                    email = "a@example.com",
                    displayName = "\u2800",
                    password = TestData.Password,
                }
            )
        ).RefusesFields("displayName");
        var recovered = await fresh.RunAsync<AdminRecovery, Result<RecoveredAdmin>>(recovery =>
            recovery.RecoverAsync("\"a,b\"@example.com", default)
        );
        Assert.Equal("validation_failed", recovered.Refusal?.Code);

        var actor = await ActorAsync();
        var renamed = await app.RunAsync<OwnProfile, Result<UserDetails>>(profile =>
            profile.RenameAsync(actor, "Ann\u202e", "ann", default)
        );
        Assert.Equal("displayName", Assert.Single(renamed.Refusal!.Errors!).Key);
    }

    [Theory]
    [InlineData("Admın", 409)]
    [InlineData("ＡＤＭＩＮ", 409)]
    [InlineData("Аdmin", 409)]
    [InlineData("Admin.", 409)]
    [InlineData("0perat0r", 409)]
    [InlineData("Uѕer", 409)]
    [InlineData(".", 400)]
    [InlineData("..", 400)]
    [InlineData(" . - ", 400)]
    [InlineData("a/b", 400)]
    [InlineData("a\\b", 400)]
    [InlineData("\u3164", 400)]
    [InlineData("ad\u200bmin", 400)]
    public async Task A_role_cannot_look_like_another_or_like_a_path(string name, int status)
    {
        using var admin = await app.SignInAdminAsync();
        var role = await app.CreateRoleAsync();
        var watch = await app.WatchAsync();

        (await admin.PostAsync("/api/roles", new { name, permissions = Array.Empty<string>() })).Refuses(
            status,
            status == 409 ? "duplicate_role" : "validation_failed"
        );
        (await admin.SendAsync(HttpMethod.Put, $"/api/roles/{role}", new { name, permissions = Array.Empty<string>() })).Refuses(
            status,
            status == 409 ? "duplicate_role" : "validation_failed"
        );
        (await admin.PostAsync("/api/roles", new { name = role.Replace('o', 'о'), permissions = Array.Empty<string>() })).Refuses(
            409,
            "duplicate_role"
        );

        await watch.NothingHappenedAsync();
    }

    [Fact]
    public async Task A_username_is_not_an_id_and_may_have_letters_of_any_script()
    {
        using var admin = await app.SignInAdminAsync();
        var user = await app.CreateUserAsync();

        foreach (
            var userName in new[]
            {
                user.Id.ToString(),
                user.Id.ToString("N").ToUpperInvariant(),
                Guid.CreateVersion7().ToString("B"),
                "\u200cann",
                "ann\u3164",
                "a@b",
                "𝔸\u202e",
                "-\u0301\u200b",
            }
        )
        {
            (await admin.PostAsync("/api/users", new { email = TestData.Email(), userName })).RefusesFields("userName");
            (await admin.PatchAsync($"/api/users/{user.Id}", new { userName })).RefusesFields("userName");
        }

        foreach (var userName in new[] { "राम", "مریم", "Łukasz", "ann.lee-2", "𠮷田" })
        {
            (await admin.PostAsync("/api/users", new { email = TestData.Email(), userName })).Is(201);
        }
    }

    [Fact]
    public async Task A_name_older_than_the_rule_is_shown_and_its_user_can_be_changed()
    {
        using var admin = await app.SignInAdminAsync();
        var user = await app.CreateUserAsync();
        await app.Database.ExecuteAsync(
            $"""
            UPDATE "Users" SET "DisplayName" = '{"Ann \u202enimda"}'
            WHERE "NormalizedEmail" = '{AppUser.NormalizeLogin(user.Email!)}'
            """
        );

        Assert.Equal("Ann \u202enimda", (await admin.GetAsync($"/api/users/{user.Id}")).Is(200).As<UserDetails>().DisplayName);
        (await admin.PatchAsync($"/api/users/{user.Id}", new { userName = TestData.Name("renamed") })).Is(200);
        (await admin.PatchAsync($"/api/users/{user.Id}", new { displayName = "Ann \u202e" })).RefusesFields("displayName");
        Assert.Equal(
            "Ann",
            (await admin.PatchAsync($"/api/users/{user.Id}", new { displayName = "Ann" })).Is(200).As<UserDetails>().DisplayName
        );
    }

    private static Task<ApiResponse> ImportAsync(ApiClient caller, byte[] csv) =>
        caller.PostAsync(
            "/api/users/import",
            new ByteArrayContent(csv) { Headers = { ContentType = new MediaTypeHeaderValue("text/csv") } }
        );

    public sealed class OnSqlite(SqliteApp app) : NameRuleTests(app), IClassFixture<SqliteApp>;

    public sealed class OnPostgres(PostgresApp app) : NameRuleTests(app), IClassFixture<PostgresApp>;
}
