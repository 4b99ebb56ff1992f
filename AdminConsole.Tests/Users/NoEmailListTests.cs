using System.Net.Http.Headers;
using System.Text;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Users;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Tests.Users;

/// <summary>Accounts without an email in lists, searches and files.</summary>
public abstract class NoEmailListTests(AdminApp app)
{
    private static Task<ApiResponse> ImportAsync(ApiClient caller, string text, bool dryRun = false) =>
        caller.PostAsync(
            $"/api/users/import{(dryRun ? "?dryRun=true" : "")}",
            new StringContent(text, Encoding.UTF8, new MediaTypeHeaderValue("text/csv"))
        );

    private static async Task<UserDetails> CreateAsync(ApiClient admin, string? userName = null) =>
        (await admin.PostAsync("/api/users", new { userName = userName ?? TestData.Name("lee") })).Is(201).As<UserDetails>();

    private static async Task<Page<UserDetails>> ListAsync(ApiClient admin, string query) =>
        (await admin.GetAsync($"/api/users?{query}")).Is(200).As<Page<UserDetails>>();

    [Theory]
    [InlineData("email")]
    [InlineData("-email")]
    [InlineData("userName")]
    [InlineData("-displayName")]
    public async Task Every_page_continues_after_the_previous_one(string sort)
    {
        using var admin = await app.SignInAdminAsync();
        for (var number = 0; number < 3; number++)
        {
            await CreateAsync(admin);
            await app.CreateUserAsync();
        }

        var seen = new List<UserDetails>();
        string? cursor = null;
        while (true)
        {
            var page = await ListAsync(admin, $"sort={sort}&limit=2{(cursor is null ? "" : $"&cursor={cursor}")}");
            seen.AddRange(page.Items);
            if ((cursor = page.Next) is null)
            {
                break;
            }
        }

        Assert.Equal(await app.ReadAsync(db => db.Users.CountAsync()), seen.Select(user => user.Id).Distinct().Count());
        Assert.Equal(seen.Count, seen.Select(user => user.Id).Distinct().Count());
        // Sorted by email, the accounts without one are adjacent.
        var without = seen.ConvertAll(user => user.Email is null);
        var changes = without.Zip(without.Skip(1)).Count(pair => pair.First != pair.Second);
        Assert.True(changes is 1 or 2 || !sort.EndsWith("email", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_search_finds_the_username_and_the_name()
    {
        using var admin = await app.SignInAdminAsync();
        var user = await CreateAsync(admin, TestData.Name("searched"));
        (await admin.PatchAsync($"/api/users/{user.Id}", new { displayName = "Wanda Quill" })).Is(200);

        foreach (
            var query in new[]
            {
                $"search={user.UserName}",
                $"search={user.UserName[2..]}",
                "search=Wanda",
                "search=wa&limit=200",
                $"login={user.UserName.ToUpperInvariant()}",
            }
        )
        {
            Assert.Contains((await ListAsync(admin, query)).Items, found => found.Id == user.Id && found.Email is null);
        }

        foreach (var query in new[] { $"search=n{user.UserName}", $"login=n{user.UserName}", "search=n&limit=200", "search=~&limit=200" })
        {
            Assert.DoesNotContain((await ListAsync(admin, query)).Items, found => found.Id == user.Id);
        }
    }

    [Theory]
    // The databases sort a username without an email after the first, and before the second.
    [InlineData("w")]
    [InlineData("ж")]
    public async Task One_character_finds_the_email_or_the_username_of_accounts_without_one(string character)
    {
        using var admin = await app.SignInAdminAsync();
        var role = await app.CreateRoleAsync();
        var expected = new List<UserDetails>();
        for (var number = 0; number < 4; number++)
        {
            var (tag, roles) = (TestData.Name($"{character}{number}"), new[] { role });
            expected.Add((await admin.PostAsync("/api/users", new { userName = tag, roles })).Is(201).As<UserDetails>());
            expected.Add((
                    await admin.PostAsync(
                        "/api/users",
                        new
                        {
                            email = $"{tag}@example.com",
                            userName = $"q{tag}",
                            roles,
                        }
                    )
                ).Is(201).As<UserDetails>());
            // Two accounts with the character in the wrong place.
            (await admin.PostAsync("/api/users", new { userName = $"q{tag}-none", roles })).Is(201);
            (
                await admin.PostAsync(
                    "/api/users",
                    new
                    {
                        email = $"q{tag}@example.com",
                        userName = $"{tag}-named",
                        roles,
                    }
                )
            ).Is(201);
        }

        var isEmailFirst = character == "w";
        var byEmail = expected
            .OrderBy(user => (user.Email is null) == isEmailFirst)
            .ThenBy(user => user.SignInName, StringComparer.Ordinal)
            .Select(user => user.Id)
            .ToList();
        var search = $"search={Uri.EscapeDataString(character)}&role={role}";

        foreach (var (sort, ids) in new[] { ("email", byEmail), ("-email", Enumerable.Reverse(byEmail).ToList()) })
        {
            var all = await ListAsync(admin, $"{search}&sort={sort}");
            Assert.Equal((8, null), (all.Total, all.Next));
            Assert.Equal(ids, all.Items.Select(user => user.Id));
            // Page sizes that cross the border of the two groups, end at it, and reach the end.
            foreach (var limit in new[] { 1, 3, 4, 7, 8 })
            {
                Assert.Equal(ids, await PagedAsync($"{search}&sort={sort}&limit={limit}"));
            }

            for (var skip = 0; skip <= 9; skip++)
            {
                var query = new UserQuery
                {
                    Search = character,
                    Role = role,
                    Sort = sort,
                    Skip = skip,
                    Limit = 2,
                };
                var page = await app.ReadAsync(db => new UserDirectory(db, app.Clock).ListAsync(TestData.System, query, default));
                Assert.Equal(ids.Skip(skip).Take(2), page.Value.Items.Select(user => user.Id));
            }
        }

        Assert.Equal(byEmail.Order(), (await PagedAsync($"{search}&sort=-createdAt&limit=3")).Order());
        var filter = new UserQuery { Search = character, Role = role };
        var chosen = await app.ReadAsync(db => new UserDirectory(db, app.Clock).IdsAsync(TestData.System, filter, default));
        Assert.Equal(byEmail.Order(), chosen.Value.Order());
        var exported = (await admin.GetAsync($"/api/users/export?{search}")).Is(200).Text;
        var lines = exported.Split('\n', StringSplitOptions.RemoveEmptyEntries)[1..];
        Assert.Equal(byEmail.ConvertAll(id => expected.Single(user => user.Id == id).UserName), lines.Select(line => line.Split(',')[1]));

        async Task<List<Guid>> PagedAsync(string query)
        {
            var seen = new List<Guid>();
            string? cursor = null;
            while (true)
            {
                var page = await ListAsync(admin, $"{query}{(cursor is null ? "" : $"&cursor={cursor}")}");
                seen.AddRange(page.Items.Select(user => user.Id));
                if ((cursor = page.Next) is null)
                {
                    return seen;
                }
            }
        }
    }

    [Fact]
    public async Task A_new_username_moves_the_account_and_sends_no_email()
    {
        using var admin = await app.SignInAdminAsync();
        var user = await CreateAsync(admin, TestData.Name("y"));
        var mails = await app.ReadAsync(db => db.OutboxMails.CountAsync());

        (await admin.PatchAsync($"/api/users/{user.Id}", new { userName = TestData.Name("v") })).Is(200);

        Assert.DoesNotContain((await ListAsync(admin, "search=y&limit=200")).Items, found => found.Id == user.Id);
        Assert.Contains((await ListAsync(admin, "search=v&limit=200")).Items, found => found.Id == user.Id);
        Assert.Equal(mails, await app.ReadAsync(db => db.OutboxMails.CountAsync()));
        var now = Assert.Single((await ListAsync(admin, $"search={user.DisplayName}")).Items).UserName;
        (await admin.PostAsync("/api/users", new { userName = now })).Refuses(409, "duplicate_user_name");
    }

    [Fact]
    public async Task An_export_has_an_empty_email_and_changes_nothing_when_imported()
    {
        using var admin = await app.SignInAdminAsync();
        var user = await CreateAsync(admin);
        await app.CreateUserAsync();
        (await admin.PatchAsync($"/api/users/{user.Id}", new { active = false, displayName = "Lee, \"L\"" })).Is(200);

        var exported = (await admin.GetAsync("/api/users/export")).Is(200).Text;
        var again = (await ImportAsync(admin, exported)).Is(200).As<ImportResult>();

        var line = $"\n,{user.UserName},\"Lee, \"\"L\"\"\",User,false,";
        Assert.Contains(line, exported, StringComparison.Ordinal);
        Assert.Equal((0, 0, await app.ReadAsync(db => db.Users.CountAsync())), (again.Created, again.Updated, again.Unchanged));
    }

    [Fact]
    public async Task A_row_without_an_email_is_matched_by_its_username()
    {
        using var admin = await app.SignInAdminAsync();
        var (known, fresh) = (await CreateAsync(admin), TestData.Name("fresh"));
        var csv = $"email,userName,displayName,active\n,{known.UserName.ToUpperInvariant()},Renamed,\n,{fresh},,false\n";

        var dry = (await ImportAsync(admin, csv, dryRun: true)).Is(200).As<ImportResult>();
        var wet = (await ImportAsync(admin, csv)).Is(200).As<ImportResult>();

        Assert.Equal((1, 1, 0), (dry.Created, dry.Updated, dry.Errors.Count));
        Assert.Equal((1, 1), (wet.Created, wet.Updated));
        var renamed = (await admin.GetAsync($"/api/users/{known.Id}")).As<UserDetails>();
        Assert.Equal((null, "Renamed", known.UserName.ToUpperInvariant()), (renamed.Email, renamed.DisplayName, renamed.UserName));
        var made = Assert.Single((await ListAsync(admin, $"login={fresh}")).Items);
        Assert.Equal((null, fresh, fresh, false, false), (made.Email, made.UserName, made.DisplayName, made.Active, made.HasPassword));
        (await admin.PatchAsync($"/api/users/{known.Id}", new { email = TestData.Email() })).Is(200);
    }

    [Fact]
    public async Task A_row_without_a_name_or_with_a_taken_one_is_an_error()
    {
        using var admin = await app.SignInAdminAsync();
        var other = (await admin.PostAsync("/api/users", new { email = TestData.Email(), userName = TestData.Name() }))
            .Is(201)
            .As<UserDetails>();
        var (without, twice) = (await CreateAsync(admin), TestData.Name("twice"));
        var watch = await app.WatchAsync();
        var csv =
            $"email,userName,displayName\n,,Nobody\n,{other.UserName},\n,{twice},\n,{twice.ToUpperInvariant()},\n"
            + $"{TestData.Email()},{without.UserName},\n,a@b.example,\n";

        var dry = (await ImportAsync(admin, csv, dryRun: true)).Is(200).As<ImportResult>();

        Assert.Equal(
            [
                (2, "email", "validation_failed"),
                (3, null, "duplicate_user_name"),
                (5, null, "duplicate_user_name"),
                (6, null, "duplicate_user_name"),
                (7, "userName", "validation_failed"),
            ],
            dry.Errors.OrderBy(error => error.Row).Select(error => (error.Row, error.Field, error.Code))
        );
        (await ImportAsync(admin, csv)).Refuses(400, "import_failed");
        await watch.NothingHappenedAsync();
    }

    public sealed class OnSqlite(SqliteApp app) : NoEmailListTests(app), IClassFixture<SqliteApp>;

    public sealed class OnPostgres(PostgresApp app) : NoEmailListTests(app), IClassFixture<PostgresApp>;
}
