using AdminConsole.Core.Changes;
using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Data;
using AdminConsole.Core.Roles;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Tests.Names;

/// <summary>Names that an earlier version stored without normalization.</summary>
public sealed class StoredNameTests
{
    private const string Decomposed = "jose\u0301@example.com";
    private const string Composed = "josé@example.com";

    [Theory]
    [OnBoth]
    public async Task An_upgrade_refolds_names_and_marks_the_newer_of_two_equal_ones(DatabaseProvider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var (older, younger, alone) = await MakeOldAsync(provider, database);

        await using (var app = await AdminApp.StartAsync(provider, database))
        {
            using var admin = await app.SignInAdminAsync();
            using (var signedIn = await app.SignInAsync(Decomposed, TestData.NewPassword))
            {
                Assert.Equal(older, (await signedIn.GetAsync("/api/auth/me")).As<Me>().Id);
            }

            using var second = await app.SignInAsync("alone@bücher.example");
            Assert.Equal(alone, (await second.GetAsync("/api/auth/me")).As<Me>().Id);
            var marked = (await admin.GetAsync($"/api/users/{younger}")).As<UserDetails>();
            Assert.Equal((Composed, true, true), (marked.Email, marked.EmailConflict, marked.UserNameConflict));
            Assert.Contains(
                app.Log.Lines,
                line =>
                    line.Contains($"{older}", StringComparison.Ordinal)
                    && line.Contains($"{younger} can't sign in", StringComparison.Ordinal)
            );
            Assert.Equal(
                1,
                await app.ReadAsync(db =>
                    db.AuditEvents.CountAsync(entry =>
                        entry.Action == "user.updated" && entry.TargetId == younger.ToString() && entry.Details!.Contains("same email")
                    )
                )
            );
            Assert.True((await admin.GetAsync("/api/audit/verify")).As<AuditVerification>().Valid);

            // Pages of one row continue each other, also around the marked row.
            var seen = new List<Guid>();
            string? cursor = null;
            while (true)
            {
                var page = (await admin.GetAsync($"/api/users?sort=email&limit=1{(cursor is null ? "" : $"&cursor={cursor}")}"))
                    .Is(200)
                    .As<Page<UserDetails>>();
                seen.AddRange(page.Items.Select(user => user.Id));
                if ((cursor = page.Next) is null)
                {
                    break;
                }
            }

            Assert.Equal(4, seen.Distinct().Count());
            Assert.Equal(4, seen.Count);

            (await admin.PatchAsync($"/api/users/{younger}", new { displayName = "Younger" })).Is(200);
            Assert.Equal(Composed, Assert.Single((await admin.GetAsync("/api/users?search=younger")).As<Page<UserDetails>>().Items).Email);
            var renamed = (await admin.PatchAsync($"/api/users/{younger}", new { email = "jose2@example.com" })).Is(200).As<UserDetails>();
            Assert.Equal((false, false, "jose2@example.com"), (renamed.EmailConflict, renamed.UserNameConflict, renamed.UserName));
            using var third = await app.SignInAsync("jose2@example.com");
            Assert.Equal(
                ["Ночь", "НОЧЬ-2"],
                await app.ReadAsync(db =>
                    db.Roles.Where(role => !role.BuiltIn).OrderBy(role => role.Id).Select(role => role.Name!).ToListAsync()
                )
            );
        }

        await using var again = await AdminApp.StartAsync(provider, database);
        Assert.DoesNotContain(again.Log.Lines, line => line.Contains("can't sign in", StringComparison.Ordinal));
        Assert.Equal(
            1,
            await again.ReadAsync(db =>
                db.AuditEvents.CountAsync(entry =>
                    entry.ActorName == "upgrade" && entry.Action == "user.updated" && entry.Details!.Contains("same username")
                )
            )
        );
    }

    [Theory]
    [OnBoth]
    public async Task A_password_matches_in_either_form_and_a_hash_of_the_typed_form_is_renewed(DatabaseProvider provider)
    {
        await using var app = await AdminApp.StartAsync(provider);
        var (decomposed, composed) = ("cafe\u0301 horse battery 1", "café horse battery 1");
        await app.CreateUserAsync(TestData.AdminEmail, decomposed, AppRole.Admin);
        using (var typed = await app.SignInAsync(TestData.AdminEmail, composed))
        using (var other = await app.SignInAsync(TestData.AdminEmail, decomposed))
        {
            (await other.PostAsync("/api/auth/password", new { currentPassword = composed, newPassword = decomposed })).RefusesFields(
                "newPassword"
            );
        }

        var hash = await HashAsTypedAsync(app, decomposed);
        using (var typed = await app.SignInAsync(TestData.AdminEmail, decomposed))
        {
            Assert.NotEqual(hash, await HashAsync(app));
        }

        using var normalized = await app.SignInAsync(TestData.AdminEmail, composed);
        var renewed = await HashAsync(app);
        using var again = await app.SignInAsync(TestData.AdminEmail, decomposed);
        Assert.Equal(renewed, await HashAsync(app));
        using var anonymous = app.Anonymous();
        (await anonymous.PostAsync("/api/auth/login", new { login = TestData.AdminEmail, password = "cafe horse battery 1" })).Refuses(
            401,
            "invalid_credentials"
        );
    }

    [Theory]
    [OnBoth]
    public async Task An_account_without_an_email_is_kept_by_an_upgrade(DatabaseProvider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        await using (var app = await AdminApp.StartAsync(provider, database))
        {
            await app.CreateUserAsync(TestData.AdminEmail, TestData.Password, AppRole.Admin);
            using var admin = await app.SignInAdminAsync();
            (await admin.PostAsync("/api/users", new { userName = "Kim", password = TestData.Password })).Is(201);
            await database.ExecuteAsync("""UPDATE "Users" SET "SearchText" = 'old' WHERE "UserName" = 'Kim'; DELETE FROM "DataSteps";""");
        }

        await using var again = await AdminApp.StartAsync(provider, database);

        var kim = await again.ReadAsync(db => db.Users.AsNoTracking().SingleAsync(user => user.UserName == "Kim"));
        Assert.Equal((null, "nKIM", "KIM", "\nKIM\nKIM"), (kim.Email, kim.NormalizedEmail, kim.NormalizedUserName, kim.SearchText));
        using var signedIn = await again.SignInAsync("kim");
    }

    private static Task<string?> HashAsync(AdminApp app) => app.ReadAsync(db => db.Users.Select(user => user.PasswordHash).SingleAsync());

    // Hashes as an earlier version did: Identity's hasher takes the text unchanged.
    private static async Task<string> HashAsTypedAsync(AdminApp app, string password)
    {
        var hash = new Microsoft.AspNetCore.Identity.PasswordHasher<AdminConsole.Core.Users.AppUser>().HashPassword(null!, password);
        await app.RunAsync<AppDbContext, int>(db =>
            db.WriteUnauditedAsync(
                UnauditedWrite.Rehash,
                () => db.Users.ExecuteUpdateAsync(set => set.SetProperty(user => user.PasswordHash, hash)),
                default
            )
        );
        return hash;
    }

    /// <summary>Creates a database with names folded as before: upper-cased without normalization, domains as
    /// typed.</summary>
    private static async Task<(Guid Older, Guid Younger, Guid Alone)> MakeOldAsync(DatabaseProvider provider, TestDatabase database)
    {
        await using var app = await AdminApp.StartAsync(provider, database);
        await app.CreateUserAsync(TestData.AdminEmail, TestData.Password, AppRole.Admin);
        var older = await app.CreateUserAsync("one@example.com", TestData.NewPassword);
        app.Clock.Advance(TimeSpan.FromMinutes(1));
        var younger = await app.CreateUserAsync("two@example.com", TestData.Password);
        var alone = await app.CreateUserAsync("three@example.com", TestData.Password);
        await database.ExecuteAsync(
            Old("one@example.com", Decomposed) + Old("two@example.com", Composed) + Old("three@example.com", "alone@bücher.example")
        );
        var first = await app.CreateRoleAsync();
        app.Clock.Advance(TimeSpan.FromMinutes(1));
        var second = await app.CreateRoleAsync();
        await database.ExecuteAsync(
            $"""
            UPDATE "Roles" SET "Name" = 'Ночь', "NormalizedName" = 'one' WHERE "Name" = '{first}';
            UPDATE "Roles" SET "Name" = 'НОЧЬ', "NormalizedName" = 'two' WHERE "Name" = '{second}';
            DELETE FROM "DataSteps";
            """
        );
        return (older.Id, younger.Id, alone.Id);
    }

    private static string Old(string email, string old) =>
        $"""
            UPDATE "Users"
            SET "Email" = '{old}', "UserName" = '{old}',
                "NormalizedEmail" = '{old.ToUpperInvariant()}', "NormalizedUserName" = '{old.ToUpperInvariant()}',
                "SearchText" = '{"\n"}{old.ToUpperInvariant()}'
            WHERE "Email" = '{email}';
            """;
}
