using System.Buffers.Text;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Users;

namespace AdminConsole.Tests.Users;

/// <summary>The app for list tests: 25 users, some with equal sort values.</summary>
public sealed class ListedSqlite() : ListedApp(AdminConsole.Core.Common.DatabaseProvider.Sqlite);

public sealed class ListedPostgres() : ListedApp(AdminConsole.Core.Common.DatabaseProvider.PostgreSQL);

public abstract class ListedApp(AdminConsole.Core.Common.DatabaseProvider provider) : AdminApp(provider)
{
    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        using var admin = await SignInAdminAsync();
        for (var number = 0; number < 25; number++)
        {
            var name = (number % 3) switch
            {
                0 => "Ärmel",
                1 => "zeta",
                _ => "Zeta_100%",
            };
            var user = (
                await admin.PostAsync(
                    "/api/users",
                    new
                    {
                        email = $"{(number % 2 == 0 ? "Listed" : "listed")}-{number}@example.com",
                        displayName = name,
                        roles = number % 5 == 0 ? new[] { "Operator", "User" } : ["User"],
                    }
                )
            ).Is(201).As<UserDetails>();
            if (number % 4 == 0)
            {
                (await admin.PostAsync($"/api/users/{user.Id}/deactivate")).Is(200);
            }
        }
    }
}

public abstract class UserListTests(ListedApp app)
{
    private async Task<Page<UserDetails>> ListAsync(string query)
    {
        using var admin = await app.SignInAdminAsync();
        return (await admin.GetAsync($"/api/users?{query}")).Is(200).As<Page<UserDetails>>();
    }

    private async Task<List<UserDetails>> WalkAsync(string query, int limit)
    {
        using var admin = await app.SignInAdminAsync();
        var (users, cursor) = (new List<UserDetails>(), "");
        do
        {
            var page = (await admin.GetAsync($"/api/users?{query}&limit={limit}{cursor}")).Is(200).As<Page<UserDetails>>();
            Assert.InRange(page.Items.Count, 1, limit);
            Assert.Equal(26, page.Total);
            users.AddRange(page.Items);
            cursor = page.Next is null ? null : $"&cursor={Uri.EscapeDataString(page.Next)}";
        } while (cursor is not null);
        return users;
    }

    [Fact]
    public async Task A_login_filter_finds_exactly_the_user_who_signs_in_with_it()
    {
        var user = await app.RunAsync<UserLifecycle, AdminConsole.Core.Common.Result<UserDetails>>(users =>
            users.CreateAsync(TestData.System, TestData.User("exact.ly@example.com") with { UserName = "exact" }, default)
        );

        Assert.Equal(user.Value.Id, Assert.Single((await ListAsync("login=EXACT")).Items).Id);
        Assert.Equal(user.Value.Id, Assert.Single((await ListAsync("login=Exact.Ly@example.com&role=User&active=true")).Items).Id);
        Assert.Empty((await ListAsync("login=exact.ly")).Items);
        Assert.Empty((await ListAsync("login=")).Items);
        using var admin = await app.SignInAdminAsync();
        (await admin.GetAsync($"/api/users?login={new string('x', 300)}")).Refuses(400, "invalid_request");
        (await admin.DeleteAsync($"/api/users/{user.Value.Id}")).Is(204);
    }

    [Theory]
    [InlineData("email")]
    [InlineData("userName")]
    [InlineData("displayName")]
    [InlineData("createdAt")]
    [InlineData("updatedAt")]
    [InlineData("lastSignInAt")]
    public async Task Paging_lists_every_user_once_in_order(string sort)
    {
        Comparison<UserDetails> order = sort switch
        {
            "email" => (left, right) => string.CompareOrdinal(AppUser.Normalize(left.Email!), AppUser.Normalize(right.Email!)),
            "userName" => (left, right) => string.CompareOrdinal(AppUser.Normalize(left.UserName), AppUser.Normalize(right.UserName)),
            "displayName" => (left, right) => string.CompareOrdinal(left.DisplayName, right.DisplayName),
            "createdAt" => (left, right) => left.CreatedAt.CompareTo(right.CreatedAt),
            "updatedAt" => (left, right) => left.UpdatedAt.CompareTo(right.UpdatedAt),
            _ => (left, right) => Nullable.Compare(left.LastSignInAt, right.LastSignInAt),
        };
        foreach (var descending in new[] { false, true })
        {
            // The administrator's last sign-in changes with each sign-in here, but stays the latest.
            var walked = await WalkAsync($"sort={(descending ? "-" : "")}{sort}", 4);

            Assert.Equal(26, walked.Select(user => user.Id).Distinct().Count());
            Assert.Equal(26, walked.Count);
            Assert.All(
                walked.Zip(walked.Skip(1)),
                pair =>
                    Assert.True(
                        (descending ? order(pair.Second, pair.First) : order(pair.First, pair.Second)) <= 0,
                        $"{pair.First.Email} before {pair.Second.Email}"
                    )
            );
        }
    }

    [Theory]
    [InlineData("search=listed-2", 6)]
    [InlineData("search=LISTED-24", 1)]
    [InlineData("search=%C3%A4rm", 9)]
    [InlineData("search=Zeta_", 8)]
    [InlineData("search=100%25", 8)]
    [InlineData("search=%25", 0)]
    [InlineData("search=_", 0)]
    [InlineData("search=%5C", 0)]
    [InlineData("search='", 0)]
    [InlineData("search=%20%20", 26)]
    [InlineData("role=Operator", 5)]
    [InlineData("role=operator", 5)]
    [InlineData("role=Emperor", 0)]
    [InlineData("active=false", 7)]
    [InlineData("active=true", 19)]
    [InlineData("active=true&role=Operator", 3)]
    [InlineData("active=false&role=Operator&search=listed", 2)]
    public async Task Search_and_filters_narrow_the_list(string query, int expected)
    {
        var page = await ListAsync(query);

        Assert.Equal(expected, page.Total);
        Assert.Equal(expected, page.Items.Count);
        Assert.Null(page.Next);
    }

    [Theory]
    [InlineData("limit=0")]
    [InlineData("limit=-1")]
    [InlineData("limit=201")]
    [InlineData("limit=many")]
    [InlineData("limit=99999999999999")]
    [InlineData("sort=passwordHash")]
    [InlineData("sort=")]
    [InlineData("sort=--email")]
    [InlineData("active=maybe")]
    [InlineData("cursor=nonsense")]
    [InlineData("cursor=")]
    [InlineData("cursor=%F0%9F%98%80")]
    [InlineData("cursor=WyJhIl0")] // ["a"]
    [InlineData("cursor=WyJhIiwiYiJd")] // ["a","b"]
    [InlineData("cursor=W251bGwsbnVsbF0")] // [null,null]
    [InlineData("cursor=WyJcdTAwMDAiLCIwMTlhYTAwMC0wMDAwLTcwMDAtODAwMC0wMDAwMDAwMDAwMDAiXQ")] // ["\u0000", a guid]
    [InlineData("sort=createdAt&cursor=WyJhIiwiMDE5YWEwMDAtMDAwMC03MDAwLTgwMDAtMDAwMDAwMDAwMDAwIl0")] // ["a", a guid]
    public async Task Invalid_list_parameters_are_refused(string query)
    {
        using var admin = await app.SignInAdminAsync();

        (await admin.GetAsync($"/api/users?{query}")).Refuses(400, "invalid_request");
    }

    [Fact]
    public async Task A_cursor_with_another_time_zone_is_understood_or_refused_but_never_a_bug()
    {
        using var admin = await app.SignInAdminAsync();
        var cursor = Base64Url.EncodeToString("""["2020-01-01T00:00:00.0000000+05:00","019aa000-0000-7000-8000-000000000000"]"""u8);

        Assert.InRange((await admin.GetAsync($"/api/users?sort=createdAt&cursor={cursor}")).Status, 200, 400);
    }

    [Fact]
    public async Task The_default_page_has_50_and_no_secret()
    {
        using var admin = await app.SignInAdminAsync();

        var answer = (await admin.GetAsync("/api/users")).Is(200);

        Assert.Equal(26, answer.As<Page<UserDetails>>().Items.Count);
        Assert.DoesNotContain("argon2", answer.Text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("stamp", answer.Text, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(
            [
                "active",
                "breakGlass",
                "createdAt",
                "deactivatedAt",
                "deactivatedBy",
                "deactivatedReason",
                "deactivatedUntil",
                "displayName",
                "email",
                "emailConflict",
                "hasPassword",
                "id",
                "lastSignInAt",
                "lockedOutUntil",
                "mfaEnabled",
                "mustChangePassword",
                "roles",
                "source",
                "status",
                "updatedAt",
                "userName",
                "userNameConflict",
            ],
            answer.Json.GetProperty("items")[0].EnumerateObject().Select(member => member.Name).Order(StringComparer.Ordinal)
        );
    }

    public sealed class OnSqlite(ListedSqlite app) : UserListTests(app), IClassFixture<ListedSqlite>;

    public sealed class OnPostgres(ListedPostgres app) : UserListTests(app), IClassFixture<ListedPostgres>;
}
