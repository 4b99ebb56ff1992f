using AdminConsole.Core.Contracts;
using AdminConsole.Tests.Tokens;

namespace AdminConsole.EndToEnd.Cli;

/// <summary>Tokens and sessions on the command line.</summary>
public sealed class CliTokenTests(SqliteApp app) : IClassFixture<SqliteApp>
{
    [Fact]
    public async Task A_token_is_created_used_rotated_and_revoked_by_its_name()
    {
        var person = await app.SignedInUserAsync("Operator");
        using var shell = await Shell.SignedInAsync(app, person.Caller);

        var secret = Assert.Single(
            (await shell.RunAsync("tokens", "create", "--name", "nightly", "--ttl", "90d", "--scope", "users.read", "--raw")).Is(0).Lines
        );
        using var program = new Shell(app.Root);
        program.Environment["ADMINCONSOLE_TOKEN"] = secret;
        (await program.RunAsync("users", "list")).Is(0);
        var listed = (await shell.RunAsync("tokens", "list")).Is(0);
        var next = (await shell.RunAsync("tokens", "rotate", "nightly", "--json")).Is(0).Json.GetProperty("token").GetString()!;

        Assert.Contains(secret[..14], listed.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(secret, listed.Output, StringComparison.Ordinal);
        (await program.RunAsync("users", "list")).Is(3);
        program.Environment["ADMINCONSOLE_TOKEN"] = next;
        (await program.RunAsync("users", "list")).Is(0);
        (await shell.RunAsync("tokens", "revoke", next[..14])).Is(0);
        (await program.RunAsync("users", "list")).Is(3);
        (await shell.RunAsync("tokens", "revoke", "nightly")).Refuses(1, "No token matches");
    }

    [Fact]
    public async Task A_token_for_everything_is_one_option_and_its_use_is_explained()
    {
        var person = await app.SignedInUserAsync("Operator");
        using var shell = await Shell.SignedInAsync(app, person.Caller);

        var bare = (await shell.RunAsync("tokens", "create", "--name", "all", "--all-scopes", "--raw")).Is(0);
        var explained = (await shell.RunAsync("tokens", "create", "--name", "told")).Is(0);

        Assert.Empty(bare.Errors);
        Assert.Contains("curl -H 'Authorization: Bearer ", explained.Errors, StringComparison.Ordinal);
        Assert.Single(explained.Lines);
        var tokens = (await person.Caller.GetAsync("/api/tokens")).As<Page<TokenSummary>>().Items;
        Assert.Equal(
            (await person.Caller.GetAsync("/api/auth/me")).As<Me>().Permissions.Order(StringComparer.Ordinal),
            tokens.Single(token => token.Name == "all").Scopes.Order(StringComparer.Ordinal)
        );
        (await shell.RunAsync("tokens", "create", "--name", "x", "--all-scopes", "--scope", "users.read")).Refuses(2, "--all-scopes");
    }

    [Theory]
    [InlineData("soon")]
    [InlineData("12h")]
    [InlineData("-1d")]
    [InlineData("0d")]
    public async Task A_lifetime_is_days_or_never(string ttl)
    {
        var person = await app.SignedInUserAsync();
        using var shell = await Shell.SignedInAsync(app, person.Caller);

        var outcome = await shell.RunAsync("tokens", "create", "--name", "x", $"--ttl={ttl}");

        outcome.Refuses(2, "--ttl");
        Assert.Empty((await person.Caller.GetAsync("/api/tokens")).As<Page<TokenSummary>>().Items);
    }

    [Fact]
    public async Task Never_follows_the_settings()
    {
        var person = await app.SignedInUserAsync();
        using var shell = await Shell.SignedInAsync(app, person.Caller);

        (await shell.RunAsync("tokens", "create", "--name", "x", "--ttl", "never")).Is(1);
    }

    [Fact]
    public async Task A_token_rotates_itself_and_the_new_one_is_stored()
    {
        var person = await app.SignedInUserAsync();
        var token = await person.Caller.CreateTokenAsync(Core.Security.Permissions.TokensRotate);
        using var shell = new Shell(app.Root);
        (await shell.RunAsync(token.Token, ["login", "--token"])).Is(0);

        var next = Assert.Single((await shell.RunAsync("tokens", "rotate", "--raw")).Is(0).Lines);

        Assert.NotEqual(token.Token, next);
        (await shell.RunAsync("whoami")).Is(0);
        Assert.Equal(200, (await app.With(next).MeAsync()).Status);
        Assert.Equal(401, (await app.With(token.Token).MeAsync()).Status);
    }

    [Fact]
    public async Task Two_tokens_of_one_name_are_distinguished_by_their_prefixes()
    {
        var person = await app.SignedInUserAsync();
        using var shell = await Shell.SignedInAsync(app, person.Caller);
        var tokens = new List<CreatedToken>();
        foreach (var _ in Enumerable.Range(0, 2))
        {
            tokens.Add((await person.Caller.PostAsync("/api/tokens", new { name = "twin" })).Is(201).As<CreatedToken>());
        }

        var outcome = await shell.RunAsync("tokens", "revoke", "twin");

        outcome.Refuses(1, tokens[0].Prefix);
        (await shell.RunAsync("tokens", "revoke", tokens[1].Token)).Is(0);
        Assert.Equal((200, 401), ((await app.With(tokens[0].Token).MeAsync()).Status, (await app.With(tokens[1].Token).MeAsync()).Status));
    }

    [Fact]
    public async Task An_administrator_revokes_any_token_by_its_prefix()
    {
        var person = await app.SignedInUserAsync();
        var leaked = await person.Caller.CreateTokenAsync();
        using var admin = await app.SignInAdminAsync();
        using var shell = await Shell.SignedInAsync(app, admin);

        (await shell.RunAsync("tokens", "revoke", leaked.Prefix)).Is(1);
        Assert.Contains(
            person.Email,
            (await shell.RunAsync("tokens", "list", "--everyone", "--search", leaked.Prefix)).Is(0).Output,
            StringComparison.Ordinal
        );
        (await shell.RunAsync("tokens", "revoke", leaked.Prefix, "--everyone")).Is(0);

        Assert.Equal(401, (await app.With(leaked.Token).MeAsync()).Status);
    }

    [Fact]
    public async Task A_token_cannot_create_tokens_and_the_error_explains_it()
    {
        var person = await app.SignedInUserAsync();
        using var shell = new Shell(app.Root);
        shell.Environment["ADMINCONSOLE_TOKEN"] = (await person.Caller.CreateTokenAsync()).Token;

        (await shell.RunAsync("tokens", "create", "--name", "x")).Refuses(1, "adminctl login");
    }

    [Fact]
    public async Task Own_and_other_sessions_are_listed_and_ended()
    {
        var person = await app.SignedInUserAsync();
        using var admin = await app.SignInAdminAsync();
        using var own = await Shell.SignedInAsync(app, person.Caller);
        using var shell = await Shell.SignedInAsync(app, admin);

        var session = Assert
            .Single((await own.RunAsync("sessions", "list", "--json")).Is(0).Json.GetProperty("items").EnumerateArray())
            .GetProperty("id")
            .GetString()!;
        (await own.RunAsync("sessions", "end")).Refuses(2, "--all");
        (await own.RunAsync("sessions", "list", "--user", TestData.AdminEmail)).Is(1);
        Assert.Contains(session, (await shell.RunAsync("sessions", "list", "--user", person.Email)).Is(0).Output, StringComparison.Ordinal);
        (await shell.RunAsync("sessions", "end", session, "--user", person.Email)).Is(0);

        (await person.Caller.GetAsync("/api/auth/me")).Is(401);
    }
}
