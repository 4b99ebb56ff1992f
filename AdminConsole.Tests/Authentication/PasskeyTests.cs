using System.Security.Cryptography;
using AdminConsole.Core.Account;
using AdminConsole.Core.Authentication;
using AdminConsole.Core.Common;
using AdminConsole.Core.Security;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Tests.Authentication;

public abstract class PasskeyTests(AdminApp app)
{
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

    private Task<Result<SignedIn>> SignInAsync(Guid user, byte[] id, SingleUseToken? challenge = null) =>
        app.RunAsync<PasskeySignIn, Result<SignedIn>>(signIn =>
            signIn.SignInAsync(
                Actor.Anonymous(),
                user,
                TestPasskeys.Info(id, 7),
                challenge ?? TestPasskeys.Challenge(app),
                remember: false,
                default
            )
        );

    private static byte[] NewId() => RandomNumberGenerator.GetBytes(16);

    [Fact]
    public async Task A_passkey_is_added_named_listed_used_and_removed()
    {
        var (actor, id) = (await ActorAsync(), NewId());
        var watch = await app.WatchAsync();

        Assert.Null((await TestPasskeys.AddAsync(app, actor, id)).Refusal);
        Assert.Null((await app.RunAsync<OwnPasskeys, Result<Unit>>(own => own.RenameAsync(actor, id, " Work phone ", default))).Refusal);
        var signedIn = await SignInAsync(actor.UserId!.Value, id);
        Assert.Null((await TestPasskeys.RemoveAsync(app, actor, id)).Refusal);

        Assert.Null(signedIn.Refusal);
        await watch.RecordedAsync("auth.passkey_added", "user.updated", "auth.signed_in", "auth.passkey_removed");
        Assert.Equal(
            "passkey",
            await app.ReadAsync(db =>
                db.Sessions.Where(session => session.Id == signedIn.Value.SessionId).Select(session => session.Method).SingleAsync()
            )
        );
        Assert.Equal("invalid_credentials", (await SignInAsync(actor.UserId.Value, id)).Refusal!.Code);
    }

    [Fact]
    public async Task Of_32_concurrent_uses_of_one_challenge_one_signs_in()
    {
        var (actor, id, challenge) = (await ActorAsync(), NewId(), TestPasskeys.Challenge(app));
        await TestPasskeys.AddAsync(app, actor, id);

        var results = await Task.WhenAll(
            Enumerable.Range(0, 32).Select(_ => Task.Run(() => SignInAsync(actor.UserId!.Value, id, challenge)))
        );

        Assert.Single(results, result => result.Refusal is null);
        Assert.All(
            results.Where(result => result.Refusal is not null),
            result => Assert.Equal("invalid_credentials", result.Refusal!.Code)
        );
        Assert.Equal(1, await app.ReadAsync(db => db.Sessions.CountAsync(session => session.UserId == actor.UserId)));
    }

    [Fact]
    public async Task An_old_challenge_is_refused()
    {
        var (actor, id, challenge) = (await ActorAsync(), NewId(), TestPasskeys.Challenge(app));
        await TestPasskeys.AddAsync(app, actor, id);

        app.Clock.Advance(TimeSpan.FromMinutes(6));

        Assert.Equal("invalid_credentials", (await SignInAsync(actor.UserId!.Value, id, challenge)).Refusal!.Code);
    }

    [Fact]
    public async Task A_passkey_is_refused_for_a_deactivated_user_and_accepted_during_a_lockout()
    {
        var (inactive, locked, first, second) = (await ActorAsync(), await ActorAsync(), NewId(), NewId());
        await TestPasskeys.AddAsync(app, inactive, first);
        await TestPasskeys.AddAsync(app, locked, second);
        using var admin = await app.SignInAdminAsync();
        (await admin.PostAsync($"/api/users/{inactive.UserId}/deactivate")).Is(200);
        using var stranger = app.Anonymous();
        for (var failure = 0; failure < 10; failure++)
        {
            (await stranger.PostAsync("/api/auth/login", new { login = locked.Name, password = TestData.NewPassword })).Refuses(
                401,
                "invalid_credentials"
            );
        }

        Assert.Equal("invalid_credentials", (await SignInAsync(inactive.UserId!.Value, first)).Refusal!.Code);
        Assert.Null((await SignInAsync(locked.UserId!.Value, second)).Refusal);
    }

    [Fact]
    public async Task A_passkey_belongs_to_one_user_and_is_registered_once()
    {
        var (actor, other, id) = (await ActorAsync(), await ActorAsync(), NewId());
        await TestPasskeys.AddAsync(app, actor, id);

        Assert.Equal("duplicate_passkey", (await TestPasskeys.AddAsync(app, other, id)).Refusal!.Code);
        Assert.Equal("not_found", (await TestPasskeys.RemoveAsync(app, other, id)).Refusal!.Code);
        Assert.Equal(
            "not_found",
            (await app.RunAsync<OwnPasskeys, Result<Unit>>(own => own.RenameAsync(other, id, "Mine", default))).Refusal!.Code
        );
        Assert.Equal("invalid_credentials", (await SignInAsync(other.UserId!.Value, id)).Refusal!.Code);
        Assert.Equal(
            "fresh_sign_in_required",
            (await TestPasskeys.AddAsync(app, actor with { AuthenticatedAt = app.Clock.GetUtcNow().AddHours(-1) }, NewId())).Refusal!.Code
        );
        Assert.Equal(
            "fresh_sign_in_required",
            (await TestPasskeys.RemoveAsync(app, actor with { AuthenticatedAt = app.Clock.GetUtcNow().AddHours(-1) }, id)).Refusal!.Code
        );
        Assert.Equal("validation_failed", (await TestPasskeys.AddAsync(app, actor, NewId(), "\n")).Refusal!.Code);
    }

    [Fact]
    public async Task The_only_sign_in_method_is_not_removed()
    {
        var user = await app.CreateUserAsync();
        var actor = TestData.System with
        {
            UserId = user.Id,
            Name = user.Email!,
            Via = AuthenticationMethod.Session,
            AuthenticatedAt = app.Clock.GetUtcNow(),
        };
        var id = NewId();
        await TestPasskeys.AddAsync(app, actor, id);

        Assert.Equal("last_way_in", (await TestPasskeys.RemoveAsync(app, actor, id)).Refusal!.Code);

        await TestPasskeys.AddAsync(app, actor, NewId());
        Assert.Null((await TestPasskeys.RemoveAsync(app, actor, id)).Refusal);
    }

    [Fact]
    public async Task An_administrators_reset_removes_all_passkeys()
    {
        var (actor, id) = (await ActorAsync(), NewId());
        await TestPasskeys.AddAsync(app, actor, id);
        using var admin = await app.SignInAdminAsync();

        (await admin.PostAsync($"/api/users/{actor.UserId}/reset-mfa")).Is(204);

        Assert.Equal("invalid_credentials", (await SignInAsync(actor.UserId!.Value, id)).Refusal!.Code);
    }

    public sealed class OnSqlite(SqliteApp app) : PasskeyTests(app), IClassFixture<SqliteApp>;

    public sealed class OnPostgres(PostgresApp app) : PasskeyTests(app), IClassFixture<PostgresApp>;
}
