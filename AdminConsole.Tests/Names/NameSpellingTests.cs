using System.Text;
using AdminConsole.Core.Contracts;

namespace AdminConsole.Tests.Names;

/// <summary>Names and addresses are found by each of their spellings.</summary>
public abstract class NameSpellingTests(AdminApp app)
{
    [Fact]
    public async Task An_account_signs_in_and_is_found_by_every_spelling_of_its_address()
    {
        using var admin = await app.SignInAdminAsync();
        var name = TestData.Name("zoe\u0308");
        var user = (
            await admin.PostAsync(
                "/api/users",
                new
                {
                    email = $"{name}@bücher.example",
                    displayName = "Zoë Müller",
                    password = TestData.Password,
                }
            )
        ).Is(201).As<UserDetails>();

        Assert.Equal($"{name.Normalize()}@bücher.example", user.Email);
        foreach (
            var login in new[]
            {
                user.Email!,
                $"{name}@bücher.example",
                $"{name.ToUpperInvariant()}@XN--BCHER-KVA.example.",
                $"{name}@bücher\u3002example",
            }
        )
        {
            using var person = await app.SignInAsync(login);
        }

        foreach (var search in new[] { "Zoe\u0308 Mu\u0308ller", "ZOË MÜLLER", $"{name}@bücher", $"{name}@xn--bcher-kva" })
        {
            Assert.Equal(
                user.Id,
                Assert
                    .Single(
                        (await admin.GetAsync($"/api/users?search={Uri.EscapeDataString(search)}")).As<Page<UserDetails>>().Items,
                        found => found.Id == user.Id
                    )
                    .Id
            );
        }

        (await admin.GetAsync("/api/users?search=%EF%BF%BE")).Refuses(400, "invalid_request");
        using var anonymous = app.Anonymous();
        (await anonymous.PostAsync("/api/auth/login", """{"login":"\ufffe","password":"x"}""")).Refuses(400, "validation_failed");
        (await anonymous.PostAsync("/api/auth/login", """{"login":"x","password":"\ud800"}""")).Is(400);
        // EF Core queries a table that does not exist yet in a new PostgreSQL database.
        Assert.DoesNotContain(app.Log.Errors, line => !line.Contains("__EFMigrationsHistory", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Unfolded_texts_are_found_in_any_case_of_any_script()
    {
        using var admin = await app.SignInAdminAsync();
        var person = (await admin.PostAsync("/api/users", new { email = $"{TestData.Name("łukasz-öğün")}@example.com" }))
            .Is(201)
            .As<UserDetails>();
        var token = (await admin.PostAsync("/api/tokens", new { name = $"Ночь [{TestData.Name("*?")}]%_" })).Is(201).As<CreatedToken>();

        var audit = (
            await admin.GetAsync($"/api/audit?action=user.created&target={Uri.EscapeDataString(person.Email!.ToUpperInvariant())}")
        )
            .Is(200)
            .Json.GetProperty("items");
        Assert.Equal(person.Id.ToString(), Assert.Single(audit.EnumerateArray()).GetProperty("target").GetProperty("id").GetString());
        Assert.Single(
            (await admin.GetAsync($"/api/audit?action=user.created&search={Uri.EscapeDataString(person.Email.ToUpperInvariant())}"))
                .Is(200)
                .Json.GetProperty("items")
                .EnumerateArray()
        );
        Assert.Equal(
            token.Id,
            Assert
                .Single(
                    (await admin.GetAsync($"/api/admin/tokens?search={Uri.EscapeDataString(token.Name.ToUpperInvariant())}"))
                        .Is(200)
                        .As<Page<OwnedToken>>()
                        .Items
                )
                .Id
        );
        Assert.Empty(
            (await admin.GetAsync($"/api/admin/tokens?search={Uri.EscapeDataString("Н.чь")}")).Is(200).As<Page<OwnedToken>>().Items
        );
    }

    [Fact]
    public async Task A_role_is_assigned_and_removed_by_any_spelling_of_its_name()
    {
        using var admin = await app.SignInAdminAsync();
        var (name, user) = ($"Zoë {TestData.Name("support")}", await app.CreateUserAsync());
        (await admin.PostAsync("/api/roles", new { name, permissions = Array.Empty<string>() })).Is(201);
        var other = Uri.EscapeDataString(name.Normalize(NormalizationForm.FormD).ToUpperInvariant());

        Assert.Equal(["User", name], (await admin.PutAsync($"/api/users/{user.Id}/roles/{other}")).Is(200).As<UserDetails>().Roles);
        Assert.Equal(["User"], (await admin.DeleteAsync($"/api/users/{user.Id}/roles/{other}")).Is(200).As<UserDetails>().Roles);
        (await admin.DeleteAsync($"/api/roles/{other}")).Is(204);
    }

    public sealed class OnSqlite(SqliteApp app) : NameSpellingTests(app), IClassFixture<SqliteApp>;

    public sealed class OnPostgres(PostgresApp app) : NameSpellingTests(app), IClassFixture<PostgresApp>;
}
