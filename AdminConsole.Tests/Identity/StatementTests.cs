using System.Diagnostics;
using AdminConsole.Core.Common;
using AdminConsole.Core.Security;
using Microsoft.EntityFrameworkCore.Diagnostics;

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
            sent = await Statements.CountAsync(await prepare(stage));
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

    /// <summary>Collects the statements of the current asynchronous flow, without those of background
    /// workers.</summary>
    private sealed class Statements : IObserver<DiagnosticListener>, IObserver<KeyValuePair<string, object?>>
    {
        private static readonly AsyncLocal<List<string>?> Sent = new();

        static Statements() => DiagnosticListener.AllListeners.Subscribe(new Statements());

        public static async Task<List<string>> CountAsync(Func<Task> operation)
        {
            var sent = Sent.Value = [];
            await operation();
            Sent.Value = null;
            return sent;
        }

        public void OnNext(DiagnosticListener value)
        {
            if (value.Name == "Microsoft.EntityFrameworkCore")
            {
                value.Subscribe(this);
            }
        }

        public void OnNext(KeyValuePair<string, object?> value)
        {
            if (value.Value is CommandEventData command && value.Key == RelationalEventId.CommandExecuting.Name)
            {
                Sent.Value?.Add(command.Command.CommandText);
            }
        }

        public void OnCompleted() { }

        public void OnError(Exception error) { }
    }

    public sealed class OnSqlite(SqliteApp app) : StatementTests(app), IClassFixture<SqliteApp>;

    public sealed class OnPostgres(PostgresApp app) : StatementTests(app), IClassFixture<PostgresApp>;
}
