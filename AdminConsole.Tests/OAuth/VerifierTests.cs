using System.Collections.Concurrent;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.OAuth;
using AdminConsole.Core.Security;
using AdminConsole.Tests.Tokens;

namespace AdminConsole.Tests.OAuth;

public abstract class VerifierTests(AdminApp app)
{
    private const int Clients = 8;

    // Records when each request began and ended, by a shared counter.
    private sealed class Hammer(TokenCaller caller, string path)
    {
        private readonly ConcurrentBag<(long Began, int Status)> answers = [];
        private readonly CancellationTokenSource stop = new();
        private long counter;
        private Task[] running = [];

        public async Task StartAsync()
        {
            running = [.. Enumerable.Range(0, Clients).Select(_ => Task.Run(HitAsync))];
            await AdminApp.UntilAsync(() => Task.FromResult(answers.Count > 50), "the token is in use");
        }

        /// <summary>Records the moment of the response to a revocation, and continues for a while.</summary>
        public async Task<long> MarkAsync()
        {
            var mark = Interlocked.Increment(ref counter);
            var seen = answers.Count;
            await AdminApp.UntilAsync(() => Task.FromResult(answers.Count > seen + 100), "the token is still tried");
            return mark;
        }

        public async Task<IReadOnlyList<(long Began, int Status)>> StopAsync()
        {
            await stop.CancelAsync();
            await Task.WhenAll(running);
            return [.. answers];
        }

        private async Task HitAsync()
        {
            while (!stop.IsCancellationRequested)
            {
                var began = Interlocked.Increment(ref counter);
                answers.Add((began, (await caller.GetAsync(path)).Status));
            }
        }
    }

    private async Task RefusedFromThenOnAsync(CreatedToken token, int refusal, Func<ApiClient, Task<ApiResponse>> end)
    {
        using var admin = await app.SignInAdminAsync();
        var hammer = new Hammer(app.With(token.Token), "/api/users?limit=1");
        await hammer.StartAsync();

        Assert.InRange((await end(admin)).Status, 200, 204);
        var mark = await hammer.MarkAsync();
        var answers = await hammer.StopAsync();

        Assert.Contains(answers, answer => answer.Began < mark && answer.Status == 200);
        Assert.Contains(answers, answer => answer.Began > mark);
        Assert.All(answers.Where(answer => answer.Began > mark), answer => Assert.Equal(refusal, answer.Status));
    }

    [Fact]
    public async Task After_the_response_to_a_revocation_no_request_succeeds()
    {
        for (var round = 0; round < 5; round++)
        {
            var owner = await app.SignedInUserAsync("Operator");
            var token = await owner.Caller.CreateTokenAsync("users.read");

            await RefusedFromThenOnAsync(
                token,
                401,
                round % 2 == 0
                    ? _ => owner.Caller.DeleteAsync($"/api/tokens/{token.Id}")
                    : admin => admin.DeleteAsync($"/api/admin/tokens/{token.Id}")
            );
        }
    }

    [Fact]
    public async Task After_the_role_with_the_scope_is_removed_no_request_succeeds()
    {
        for (var round = 0; round < 3; round++)
        {
            var owner = await app.SignedInUserAsync("Operator");
            var token = await owner.Caller.CreateTokenAsync("users.read");

            await RefusedFromThenOnAsync(token, 403, admin => admin.DeleteAsync($"/api/users/{owner.Id}/roles/Operator"));
        }
    }

    [Fact]
    public async Task After_the_role_is_changed_no_request_succeeds()
    {
        var role = await app.CreateRoleAsync("users.read");
        var owner = await app.SignedInUserAsync(role);
        var token = await owner.Caller.CreateTokenAsync("users.read");

        await RefusedFromThenOnAsync(
            token,
            403,
            admin =>
                admin.SendAsync(
                    HttpMethod.Put,
                    $"/api/roles/{role}",
                    new
                    {
                        name = role,
                        description = "less",
                        permissions = new[] { "audit.read" },
                    }
                )
        );
    }

    [Fact]
    public async Task After_the_owner_is_deactivated_no_request_succeeds()
    {
        for (var round = 0; round < 3; round++)
        {
            var owner = await app.SignedInUserAsync("Operator");
            var token = await owner.Caller.CreateTokenAsync("users.read");

            await RefusedFromThenOnAsync(token, 401, admin => admin.PostAsync($"/api/users/{owner.Id}/deactivate", new { }));
        }
    }

    [Fact]
    public async Task An_assigned_role_applies_immediately()
    {
        var owner = await app.SignedInUserAsync("Operator");
        var token = await owner.Caller.CreateTokenAsync("users.read");
        using var admin = await app.SignInAdminAsync();
        (await admin.DeleteAsync($"/api/users/{owner.Id}/roles/Operator")).Is(200);
        (await app.With(token.Token).GetAsync("/api/users")).Refuses(403, "forbidden");

        (await admin.PutAsync($"/api/users/{owner.Id}/roles/Operator")).Is(200);

        (await app.With(token.Token).GetAsync("/api/users")).Is(200);
    }

    [Fact]
    public async Task Cached_and_malformed_tokens_are_decided_without_the_database()
    {
        await using var own = await AdminApp.StartAsync(
            app.Provider,
            settings: ("Logging:LogLevel:Microsoft.EntityFrameworkCore.Database.Command", "Information")
        );
        await own.CreateUserAsync(TestData.AdminEmail, TestData.Password, "Admin");
        using var person = await own.SignInAdminAsync();
        var token = await person.CreateTokenAsync("users.read");
        var program = own.With(token.Token);
        (await program.MeAsync()).Is(200);
        int Commands() =>
            own.Log.Lines.Count(line =>
                line.Contains("PersonalAccessTokens", StringComparison.Ordinal) && line.Contains("SELECT", StringComparison.Ordinal)
            );
        var before = Commands();

        (await program.MeAsync()).Is(200);
        (await program.IntrospectAsync(token.Token)).Is(200);
        foreach (
            var malformed in new[]
            {
                "x",
                "acpat_",
                token.Token[..^1] + (token.Token[^1] == 'a' ? 'b' : 'a'),
                token.Token + "0",
                new string('a', 5000),
            }
        )
        {
            (await own.With(malformed).MeAsync()).Refuses(401, "unauthenticated");
        }

        Assert.Equal(before, Commands());
        (await own.With(Secret.CreateToken()).MeAsync()).Refuses(401, "unauthenticated");
        Assert.NotEqual(before, Commands());
    }

    [Fact]
    public async Task A_verified_token_is_verified_again_after_a_minute()
    {
        var owner = await app.SignedInUserAsync();
        var token = await owner.Caller.CreateTokenAsync();
        (await app.With(token.Token).MeAsync()).Is(200);
        // Bypasses the program, as another node would.
        await app.Database.ExecuteAsync($"""UPDATE "PersonalAccessTokens" SET "Active" = false WHERE "Prefix" = '{token.Prefix}' """);

        (await app.With(token.Token).MeAsync()).Is(200);
        app.Clock.Advance(TimeSpan.FromSeconds(61));

        (await app.With(token.Token).MeAsync()).Refuses(401, "unauthenticated");
    }

    [Fact]
    public async Task A_lookup_overtaken_by_a_revocation_is_not_cached()
    {
        var verifier = app.Services.GetRequiredService<TokenVerifier>();
        var person = await app.SignedInUserAsync();
        for (var round = 0; round < 50; round++)
        {
            var token = await person.Caller.CreateTokenAsync();
            var looking = Task.Run(async () => await verifier.VerifyAsync(token.Token, null, default));

            (await person.Caller.DeleteAsync($"/api/tokens/{token.Id}")).Is(204);
            await looking;

            Assert.Null(verifier.TryGetCached(token.Token, null));
        }
    }

    public sealed class OnSqlite(SqliteApp app) : VerifierTests(app), IClassFixture<SqliteApp>;

    public sealed class OnPostgres(PostgresApp app) : VerifierTests(app), IClassFixture<PostgresApp>;
}
