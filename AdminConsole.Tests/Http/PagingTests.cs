using System.Text.Json;
using AdminConsole.Core.Contracts;
using AdminConsole.Tests.OAuth;

namespace AdminConsole.Tests.Http;

/// <summary>All lists are paged in the same way.</summary>
public abstract class PagingTests(AdminApp app)
{
    [Theory]
    [InlineData("/api/tokens")]
    [InlineData("/api/sessions")]
    [InlineData("/api/devices")]
    [InlineData("/api/users/{id}/sessions")]
    [InlineData("/api/roles")]
    [InlineData("/api/permissions")]
    [InlineData("/api/users?search=example.com")]
    [InlineData("/api/admin/tokens?owner={id}")]
    [InlineData("/api/admin/sessions?user={id}")]
    [InlineData("/api/audit/views")]
    public async Task A_list_is_paged_without_repetition_or_gap(string path)
    {
        var person = await OwnerAsync();
        var list = path.Replace("{id}", person.Id.ToString(), StringComparison.Ordinal);
        var all = Items((await person.Caller.GetAsync($"{list}{Separator(list)}limit=200")).Is(200));

        var seen = new List<string>();
        string? next = null;
        do
        {
            var page = (
                await person.Caller.GetAsync(
                    $"{list}{Separator(list)}limit=2{(next is null ? "" : $"&cursor={Uri.EscapeDataString(next)}")}"
                )
            ).Is(200);
            Assert.InRange(Items(page).Count, 1, 2);
            Assert.Equal(all.Count, page.Json.GetProperty("total").GetInt32());
            seen.AddRange(Items(page));
            next = page.Json.GetProperty("next").GetString();
        } while (next is not null);

        Assert.InRange(all.Count, 3, 200);
        Assert.Equal(all, seen);
    }

    [Theory]
    [InlineData("/api/tokens")]
    [InlineData("/api/sessions")]
    [InlineData("/api/devices")]
    [InlineData("/api/users/{id}/sessions")]
    [InlineData("/api/roles")]
    [InlineData("/api/permissions")]
    [InlineData("/api/users")]
    [InlineData("/api/admin/tokens")]
    [InlineData("/api/admin/sessions")]
    [InlineData("/api/audit/views")]
    public async Task A_wrong_limit_or_cursor_is_refused(string path)
    {
        var person = await app.SignedInUserAsync("Admin");
        var list = path.Replace("{id}", person.Id.ToString(), StringComparison.Ordinal);
        foreach (var query in new[] { "limit=0", "limit=201", "limit=-1", "limit=x", "cursor=nonsense", "cursor=" + new string('a', 500) })
        {
            (await person.Caller.GetAsync($"{list}?{query}")).Refuses(400, "invalid_request");
        }
    }

    [Fact]
    public async Task A_revoked_token_has_its_revocation_time()
    {
        var person = await app.SignedInUserAsync("Admin");
        var token = (await person.Caller.PostAsync("/api/tokens", new { name = "x" })).Is(201).As<CreatedToken>();
        Assert.Null(token.RevokedAt);

        (await person.Caller.DeleteAsync($"/api/tokens/{token.Id}")).Is(204);

        Assert.Equal(
            app.Clock.GetUtcNow(),
            (await person.Caller.GetAsync($"/api/tokens/{token.Id}")).Is(200).As<TokenSummary>().RevokedAt!.Value,
            TimeSpan.FromMinutes(5)
        );
    }

    [Theory]
    [InlineData("/profile", "/account/profile")]
    [InlineData("/admin/users", "/users")]
    [InlineData("/dashboard", "/")]
    public async Task Addresses_of_other_consoles_redirect_to_the_pages(string path, string page)
    {
        using var caller = app.Anonymous();

        Assert.Equal(page, (await caller.GetAsync(path, ("Accept", "text/html"))).Is(302).Location);
    }

    private static string Separator(string path) => path.Contains('?', StringComparison.Ordinal) ? "&" : "?";

    private static List<string> Items(ApiResponse page) =>
        [
            .. page
                .Json.GetProperty("items")
                .EnumerateArray()
                .Select(item => NameOf(item.TryGetProperty("session", out var session) ? session : item)),
        ];

    private static string NameOf(JsonElement item) =>
        item.TryGetProperty("id", out var id) ? id.GetString()! : item.GetProperty("name").GetString()!;

    // Creates a user with five items of each kind that a user can own, and five other users.
    private async Task<TestUser> OwnerAsync()
    {
        var person = await app.SignedInUserAsync("Admin");
        for (var number = 0; number < 5; number++)
        {
            await app.CreateUserAsync();
            (await person.Caller.PostAsync("/api/tokens", new { name = $"t{number}" })).Is(201);
            (await person.Caller.PostAsync("/api/audit/views", new { name = $"v{number}", query = new { action = "user." } })).Is(201);
            using var other = await app.SignInAsync(person.Email);
            await app.ConnectAsync(person.Caller, name: $"d{number}");
        }

        return person;
    }

    public sealed class OnSqlite(SqliteApp app) : PagingTests(app), IClassFixture<SqliteApp>;

    public sealed class OnPostgres(PostgresApp app) : PagingTests(app), IClassFixture<PostgresApp>;
}
