using AdminConsole.Core.Audit;
using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Demo;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Tests.Demo;

public abstract class DemoTests(AdminApp app)
{
    [Fact]
    public async Task Missing_data_is_added_and_nothing_twice()
    {
        var users = await app.ReadAsync(db => db.Users.CountAsync());

        var first = await AddAsync(600, 900);
        var second = await AddAsync(700, 900);

        Assert.Equal((600, 900), (first.Users, first.Events));
        Assert.Equal((100, 0), (second.Users, second.Events));
        Assert.Equal(users + 700, await app.ReadAsync(db => db.Users.CountAsync()));
        Assert.True(
            (await app.RunAsync<AuditVerifier, Result<AuditVerification>>(verifier => verifier.VerifyAsync(TestData.System, default)))
                .Value
                .Valid
        );
    }

    private Task<DemoProgress> AddAsync(int users, int events) =>
        app.RunAsync<DemoData, DemoProgress>(async demo => (await demo.AddAsync(users, events, _ => { }, default)).Value);

    public sealed class OnSqlite(SqliteApp app) : DemoTests(app), IClassFixture<SqliteApp>;

    public sealed class OnPostgres(PostgresApp app) : DemoTests(app), IClassFixture<PostgresApp>;
}

public sealed class DemoNameTests
{
    private static readonly List<DemoName> Names = [.. Enumerable.Range(0, 100_000).Select(DemoName.Of)];

    [Fact]
    public void No_two_users_share_an_email_or_username()
    {
        Assert.Equal(Names.Count, Names.Select(name => name.Email).Distinct().Count());
        Assert.Equal(Names.Count, Names.Select(name => name.UserName).Distinct().Count());
    }

    [Fact]
    public void Users_with_one_first_name_have_various_departments_and_roles()
    {
        var zoes = Enumerable
            .Range(0, Names.Count)
            .Where(number => Names[number].UserName.StartsWith("zoe.", StringComparison.Ordinal))
            .ToList();

        Assert.Equal(
            Names.Select(name => name.Email.Split('@')[1]).Distinct().Order(),
            zoes.Select(number => Names[number].Email.Split('@')[1]).Distinct().Order()
        );
        Assert.InRange(zoes.Count(number => DemoPerson.RolesOf(number).Contains("Operator")), 1, zoes.Count / 10);
    }
}
