using AdminConsole.Core.Common;
using AdminConsole.Core.Security;
using AdminConsole.Tests.Data;

namespace AdminConsole.Tests.Identity;

/// <summary>Limits the number of SQL statements of an operation, including the audit event and the change itself. A
/// limit may be lowered; a commit that raises one states the reason.</summary>
public abstract partial class StatementTests(AdminApp app)
{
    public static TheoryData<string> Names => [.. Operations.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task No_operation_sends_more_statements_than_allowed(string operation)
    {
        var (sqlite, postgres, prepare) = Operations[operation];
        var most = app.Provider == DatabaseProvider.Sqlite ? sqlite : postgres;
        var stage = new Stage(app);
        List<string> sent = [];
        // Repeats, because some data is read once, and a change that conflicts with a background worker runs again.
        for (var run = 0; run < 3 && (run == 0 || sent.Count > most); run++)
        {
            sent = [.. (await SentCommands.OfAsync(await prepare(stage))).Select(command => command.Text)];
        }

        Assert.NotEmpty(sent);
        Assert.True(sent.Count <= most, $"{operation}: {sent.Count}\n{string.Join("\n---\n", sent)}");
    }

    private sealed record Stage(AdminApp App)
    {
        public async Task<Func<Task>> OnUserAsync(Func<Guid, Task> operation)
        {
            var user = await App.CreateUserAsync(password: TestData.Password);
            return () => operation(user.Id);
        }

        public Actor ActorOf(TestUser person) =>
            TestData.System with
            {
                UserId = person.Id,
                Name = person.Email,
                Via = AuthenticationMethod.Session,
                AuthenticatedAt = App.Clock.GetUtcNow(),
            };

        public async Task RunAsync<TService, T>(Func<TService, Task<Result<T>>> operation, bool isRefused = false)
            where TService : notnull => Assert.Equal(isRefused, (await App.RunAsync(operation)).Refusal is not null);
    }

    public sealed class OnSqlite(SqliteApp app) : StatementTests(app), IClassFixture<SqliteApp>;

    public sealed class OnPostgres(PostgresApp app) : StatementTests(app), IClassFixture<PostgresApp>;
}
