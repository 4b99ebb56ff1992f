using AdminConsole.Core.Changes;
using AdminConsole.Core.Data;
using AdminConsole.Core.Identity.Passwords;
using AdminConsole.Core.Users;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;

namespace AdminConsole.Tests.Identity.Passwords;

public abstract class RehashTests(AdminApp app)
{
    private Task StoreAsync(Guid id, string hash) =>
        app.RunAsync<AppDbContext, int>(db =>
            db.WriteUnauditedAsync(
                UnauditedWrite.Rehash,
                () => db.Users.Where(user => user.Id == id).ExecuteUpdateAsync(set => set.SetProperty(user => user.PasswordHash, hash)),
                default
            )
        );

    private Task<string?> StoredAsync(Guid id) =>
        app.ReadAsync(db => db.Users.Where(user => user.Id == id).Select(user => user.PasswordHash).SingleAsync());

    [Fact]
    public async Task Concurrent_sign_ins_replace_a_hash_of_other_parameters_and_end_no_session()
    {
        var hashing = app.Services.GetRequiredService<PasswordHashing>();
        var person = await app.SignedInUserAsync();
        var old = new PasswordHasher<AppUser>().HashPassword(null!, TestData.Password);
        await StoreAsync(person.Id, old);

        var signedIn = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => app.SignInAsync(person.Email)));

        Assert.True(hashing.IsOutdated(old));
        Assert.False(hashing.IsOutdated((await StoredAsync(person.Id))!));
        (await person.Caller.GetAsync("/api/auth/me")).Is(200);
        using var again = await app.SignInAsync(person.Email);
        Assert.Equal(8, signedIn.Length);
    }

    [Fact]
    public async Task A_server_without_libargon2_verifies_and_creates_hashes_on_the_same_database()
    {
        var person = await app.SignedInUserAsync();
        using var hashing = new PasswordHashing(NullLogger<PasswordHashing>.Instance, new Libsodium(), Argon2Cost.Standard);
        await using var other = await AdminApp.StartAsync(app.Provider, app.Database, services: services => services.AddSingleton(hashing));

        using var signedIn = await other.SignInAsync(person.Email);
        (
            await signedIn.PostAsync("/api/auth/password", new { currentPassword = TestData.Password, newPassword = TestData.NewPassword })
        ).Is(204);

        Assert.StartsWith("$argon2id$v=19$m=19456,t=2,p=1$", await StoredAsync(person.Id), StringComparison.Ordinal);
        using var here = await app.SignInAsync(person.Email, TestData.NewPassword);
        (await here.GetAsync("/api/auth/me")).Is(200);
    }

    public sealed class OnSqlite(SqliteApp app) : RehashTests(app), IClassFixture<SqliteApp>;

    public sealed class OnPostgres(PostgresApp app) : RehashTests(app), IClassFixture<PostgresApp>;
}
