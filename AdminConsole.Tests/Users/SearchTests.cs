using AdminConsole.Core.Contracts;
using AdminConsole.Core.Data;
using AdminConsole.Core.Security;
using AdminConsole.Core.Users;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Tests.Users;

public abstract class SearchTests(AdminApp app)
{
    [Theory]
    [InlineData("ZIMMERMANN-Q", 1)]
    [InlineData("ermann-q", 1)]
    [InlineData("n-q@example", 1)]
    [InlineData("qz.zim", 1)]
    [InlineData("quxley.z", 0)]
    [InlineData("d o'n", 1)]
    [InlineData("quxleyxz", 0)]
    [InlineData("quxley zé", 1)]
    [InlineData("\"quxley", 0)]
    [InlineData("quxley%", 0)]
    [InlineData("q_xley", 0)]
    [InlineData("qz", 1)]
    [InlineData("zé", 0)]
    public async Task A_search_finds_any_part_of_three_characters_and_the_beginning_of_two(string search, int found)
    {
        using var admin = await app.SignInAdminAsync();
        if (!await app.ReadAsync(db => db.Users.AnyAsync(user => user.NormalizedEmail == "QZ.ZIMMERMANN-Q@EXAMPLE.COM")))
        {
            (
                await admin.PostAsync(
                    "/api/users",
                    new
                    {
                        email = "qz.zimmermann-q@example.com",
                        userName = "quincy77",
                        displayName = "Quxley Zégrand O'Neil",
                    }
                )
            ).Is(201);
        }

        var page = (await admin.GetAsync($"/api/users?search={Uri.EscapeDataString(search)}")).Is(200).As<Page<UserDetails>>();

        Assert.Equal(found, page.Items.Count);
        Assert.Equal(found, page.Total);
    }

    [Fact]
    public async Task A_renamed_user_is_found_by_the_new_name_only_and_a_deleted_one_not_at_all()
    {
        using var admin = await app.SignInAdminAsync();
        var (old, next) = ($"{TestData.Name("oldname")}-x", $"{TestData.Name("newname")}-x");
        var user = await app.CreateUserAsync($"{old}@example.com");
        async Task<int> Hits(string text) => (await admin.GetAsync($"/api/users?search={text}")).As<Page<UserDetails>>().Items.Count;
        Assert.Equal(1, await Hits(old));

        (await admin.PatchAsync($"/api/users/{user.Id}", new { email = $"{next}@example.com", displayName = next })).Is(200);
        Assert.Equal((0, 1), (await Hits(old), await Hits(next)));
        (await admin.DeleteAsync($"/api/users/{user.Id}")).Is(204);

        Assert.Equal(0, await Hits(next));
    }

    [Fact]
    public async Task Search_results_are_ordered_by_email_also_after_a_change()
    {
        using var admin = await app.SignInAdminAsync();
        var word = TestData.Name("sorted");
        var users = new Dictionary<string, UserDetails>();
        foreach (var first in new[] { "d", "b", "e", "a", "c" })
        {
            users[first] = await app.CreateUserAsync($"{first}.{word}@example.com");
        }

        async Task<string> OrderAsync(string rest) =>
            string.Concat(
                (await admin.GetAsync($"/api/users?search={word}{rest}"))
                    .Is(200)
                    .As<Page<UserDetails>>()
                    .Items.Select(user => user.Email![0])
            );

        async Task<string> SkipAsync(string sort)
        {
            var page = await app.ReadAsync(db =>
                new UserDirectory(db, app.Clock).ListAsync(
                    Actor.System("test"),
                    new UserQuery
                    {
                        Search = word,
                        Sort = sort,
                        Skip = 1,
                        Limit = 2,
                    },
                    default
                )
            );
            return string.Concat(page.Value.Items.Select(user => user.Email![0]));
        }

        Assert.Equal("abcde", await OrderAsync(""));
        Assert.Equal("edcba", await OrderAsync("&sort=-email"));
        Assert.Equal("bc", await SkipAsync("email"));
        Assert.Equal("dc", await SkipAsync("-email"));
        (await admin.PatchAsync($"/api/users/{users["a"].Id}", new { email = $"f.{word}@example.com" })).Is(200);
        Assert.Equal("bcdef", await OrderAsync(""));
        Assert.Equal("fe", await OrderAsync("&limit=2&sort=-email"));
    }

    [Fact]
    public async Task Matches_beyond_a_thousand_are_listed_in_order_and_not_counted()
    {
        using var admin = await app.SignInAdminAsync();
        var (early, late) = (TestData.Name("early"), TestData.Name("late"));
        await app.CreateUsersAsync(
            Enumerable
                .Range(0, Limits.SearchCountLimit + 1)
                .SelectMany(number => new[] { $"0{number:0000}.{early}@example.com", $"zz{number:0000}.{late}@example.com" })
        );

        foreach (var (word, first) in new[] { (early, "0"), (late, "zz") })
        {
            var page = (await admin.GetAsync($"/api/users?search={word}&limit=2")).Is(200).As<Page<UserDetails>>();
            Assert.Null(page.Total);
            Assert.Equal([$"{first}0000.{word}@example.com", $"{first}0001.{word}@example.com"], page.Items.Select(user => user.Email));

            var next = (await admin.GetAsync($"/api/users?search={word}&limit=1&cursor={page.Next}")).Is(200).As<Page<UserDetails>>();
            Assert.Equal($"{first}0002.{word}@example.com", Assert.Single(next.Items).Email);
            var last = (await admin.GetAsync($"/api/users?search={word}&limit=1&sort=-email")).Is(200).As<Page<UserDetails>>();
            Assert.Equal($"{first}{Limits.SearchCountLimit:0000}.{word}@example.com", Assert.Single(last.Items).Email);
        }
    }

    [Theory]
    [InlineData("email")]
    [InlineData("-userName")]
    [InlineData("displayName")]
    [InlineData("-createdAt")]
    [InlineData("updatedAt")]
    [InlineData("-lastSignInAt")]
    public async Task Paging_lists_each_user_once(string sort)
    {
        using var admin = await app.SignInAdminAsync();
        var role = await app.CreateRoleAsync();
        var all = new List<Guid>();
        for (var user = 0; user < 7; user++)
        {
            all.Add((await app.CreateUserAsync(null, null, role)).Id);
        }

        var seen = new List<Guid>();
        string? cursor = "";
        while (cursor is not null)
        {
            var page = (await admin.GetAsync($"/api/users?role={role}&sort={sort}&limit=3{(cursor == "" ? "" : $"&cursor={cursor}")}"))
                .Is(200)
                .As<Page<UserDetails>>();
            Assert.Equal(7, page.Total);
            seen.AddRange(page.Items.Select(user => user.Id));
            cursor = page.Next;
        }

        Assert.Equal(all.Order(), seen.Order());
    }

    [Fact]
    public async Task An_invalid_search_or_cursor_is_refused()
    {
        using var admin = await app.SignInAdminAsync();

        (await admin.GetAsync($"/api/users?search={new string('x', 201)}")).Refuses(400, "invalid_request");
        (await admin.GetAsync("/api/users?cursor=nonsense")).Refuses(400, "invalid_request");
        // The error names the parameter and no internals.
        Assert.Contains(
            "'limit' can't be read. It is a whole number.",
            (await admin.GetAsync("/api/users?limit=x")).Refuses(400, "invalid_request").Text,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "'active' can't be read. It is true or false.",
            (await admin.GetAsync("/api/users?active=perhaps")).Refuses(400, "invalid_request").Text,
            StringComparison.Ordinal
        );
    }

    public sealed class OnSqlite(SqliteApp app) : SearchTests(app), IClassFixture<SqliteApp>
    {
        private readonly SqliteApp app = app;

        [Fact]
        public async Task After_migrating_the_triggers_of_the_search_index_exist()
        {
            var triggers = await app.ReadAsync(db =>
                db.Database.SqlQuery<string>($"SELECT name AS \"Value\" FROM sqlite_master WHERE type = 'trigger'").ToListAsync()
            );

            Assert.Empty(SearchSchema.SqliteTriggerNames.Except(triggers));
        }
    }

    public sealed class OnPostgres(PostgresApp app) : SearchTests(app), IClassFixture<PostgresApp>;
}
