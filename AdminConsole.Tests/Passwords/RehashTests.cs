using AdminConsole.Core.Passwords;
using AdminConsole.Core.Users;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using AdminConsole.Core.Data;

namespace AdminConsole.Tests.Passwords;

public abstract class RehashTests(AdminApp app)
{
    [Fact]
    public async Task Signing_in_replaces_a_hash_of_other_parameters_for_many_at_once_and_ends_nothing()
    {
        var person = await app.PersonAsync();
        var old = new PasswordHasher<AppUser>().HashPassword(null!, Some.Password);
        await app.RunAsync<AppDbContext, int>(db => db.UpkeepAsync(Upkeep.Rehash, () => db.Users.Where(user => user.Id == person.Id)
            .ExecuteUpdateAsync(set => set.SetProperty(user => user.PasswordHash, old)), default));

        var signedIn = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => app.SignInAsync(person.Email)));

        var hash = await app.ReadAsync(db => db.Users.Where(user => user.Id == person.Id).Select(user => user.PasswordHash).SingleAsync());
        Assert.True(PasswordHashing.IsOutdated(old));
        Assert.False(PasswordHashing.IsOutdated(hash!));
        (await person.Caller.GetAsync("/api/auth/me")).Is(200);
        using var again = await app.SignInAsync(person.Email);
        Assert.Equal(8, signedIn.Length);
    }

    public sealed class OnSqlite(SqliteApp app) : RehashTests(app), IClassFixture<SqliteApp>;

    public sealed class OnPostgres(PostgresApp app) : RehashTests(app), IClassFixture<PostgresApp>;
}
