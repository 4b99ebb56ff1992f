using AdminConsole.Core.Audit;
using AdminConsole.Core.Authentication;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Email;
using AdminConsole.Core.OAuth;
using AdminConsole.Core.Security;
using AdminConsole.Core.System;
using AdminConsole.Core.Tokens;
using AdminConsole.Core.Users;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Tests.Data;

/// <summary>The queries that run most often use the index that was made for them.</summary>
public abstract class QueryPlanTests(AdminApp app)
{
    private static readonly ClientInfo Client = new("192.0.2.1", "Test", "request");

    // The table that is searched, the index on SQLite and on PostgreSQL, and an operation that sends the query.
    private static readonly Dictionary<string, (string Table, string Sqlite, string Postgres, Func<AdminApp, Task> Run)> Queries = new()
    {
        ["the session of a request"] = Same(
            "Sessions",
            "IX_Sessions_KeyHash",
            app => app.RunAsync<ActorResolver, Actor?>(actors => actors.BySessionKeyAsync("no such key", Client, default))
        ),
        ["a personal access token"] = Same(
            "PersonalAccessTokens",
            "IX_PersonalAccessTokens_Prefix",
            app => app.RunAsync<TokenVerifier, TokenCheck>(verifier => verifier.VerifyAsync(Secret.CreateToken(), null, default).AsTask())
        ),
        ["the user who signs in"] = Same("Users", "EmailIndex", SignInAsync),
        ["failed sign-ins of the last minutes"] = Same("SignInFailures", "IX_SignInFailures_BudgetId_At", SignInAsync),
        ["the first page of users"] = Same("Users", "EmailIndex", app => ListAsync(app, new UserQuery())),
        ["the newest users"] = Same("Users", "IX_Users_CreatedAt_Id", app => ListAsync(app, new UserQuery { Sort = "-createdAt" })),
        ["users by their last sign-in"] = Same(
            "Users",
            "IX_Users_LastSignIn",
            app => ListAsync(app, new UserQuery { Sort = "-lastSignInAt" })
        ),
        ["users with a text"] = (
            "Users",
            "VIRTUAL TABLE INDEX",
            "IX_Users_SearchLetters",
            app => ListAsync(app, new UserQuery { Search = "silva" })
        ),
        ["the tokens of a user"] = Same(
            "PersonalAccessTokens",
            "IX_PersonalAccessTokens_OwnerId",
            app =>
                app.RunAsync<PersonalAccessTokens, Core.Common.Result<Page<TokenSummary>>>(tokens =>
                    tokens.ListAsync(Owner, new PageQuery(), default)
                )
        ),
        ["events by a user"] = Same("AuditEvents", "IX_AuditEvents_ActorId_Id", app => ReadAsync(app, new() { Actor = Id })),
        ["events about a user"] = Same("AuditEvents", "IX_AuditEvents_TargetId_Id", app => ReadAsync(app, new() { Target = Id })),
        ["events of one kind"] = Same(
            "AuditEvents",
            "IX_AuditEvents_Action_Id",
            app => ReadAsync(app, new() { Action = AuditActions.UserCreated })
        ),
        ["events of a session"] = Same(
            "AuditEvents",
            "IX_AuditEvents_SessionId_Id",
            app => ReadAsync(app, new() { Session = Owner.UserId })
        ),
        ["messages that are due"] = Same(
            "OutboxMails",
            "IX_OutboxMails_State_DueAt_Id",
            app => app.RunAsync<OutboxWorker, int>(worker => worker.RunOnceAsync(default))
        ),
        ["users to reactivate"] = Same(
            "Users",
            "IX_Users_DeactivatedUntil",
            app => app.RunAsync<Reactivation, int>(worker => worker.RunOnceAsync(default))
        ),
        ["expired sessions"] = Same(
            "Sessions",
            "IX_Sessions_ExpiresAt",
            app =>
                app.RunAsync<Housekeeping, bool>(async worker =>
                {
                    await worker.RunOnceAsync(default);
                    return true;
                })
        ),
    };

    public static TheoryData<string> Names => [.. Queries.Keys];

    private static Actor Owner { get; } =
        TestData.System with
        {
            UserId = Guid.CreateVersion7(),
            Name = "owner@example.com",
            Via = AuthenticationMethod.Session,
        };

    private static string Id => Owner.UserId!.Value.ToString();

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_hot_query_uses_its_index(string query)
    {
        var (table, sqlite, postgres, run) = Queries[query];
        var index = app.Provider == DatabaseProvider.Sqlite ? sqlite : postgres;

        var sent = (await SentCommands.OfAsync(() => run(app))).Where(command => command.Text.Contains($"\"{table}\"")).ToList();

        var plans = await app.ReadAsync(db => PlansAsync(db, sent));
        Assert.True(plans.Exists(plan => plan.Contains(index, StringComparison.Ordinal)), $"No {index}:\n{string.Join("\n---\n", plans)}");
    }

    private async Task<List<string>> PlansAsync(Core.Data.AppDbContext db, List<SentCommand> commands)
    {
        await db.Database.OpenConnectionAsync();
        var isSqlite = app.Provider == DatabaseProvider.Sqlite;
        if (!isSqlite)
        {
            // The tables are nearly empty. Without these, PostgreSQL would read and sort all of them.
            await using var settings = db.Database.GetDbConnection().CreateCommand();
            settings.CommandText = "SET enable_seqscan = off; SET enable_sort = off";
            await settings.ExecuteNonQueryAsync();
        }

        var plans = new List<string>();
        foreach (var sent in commands)
        {
            await using var command = db.Database.GetDbConnection().CreateCommand();
            command.CommandText = (isSqlite ? "EXPLAIN QUERY PLAN " : "EXPLAIN ") + sent.Text;
            command.Parameters.AddRange(sent.Parameters.ToArray());
            await using var reader = await command.ExecuteReaderAsync();
            var lines = new List<string>();
            while (await reader.ReadAsync())
            {
                lines.Add(reader.GetString(isSqlite ? 3 : 0));
            }

            plans.Add(string.Join('\n', lines.Append(sent.Text)));
        }

        return plans;
    }

    private static (string Table, string Sqlite, string Postgres, Func<AdminApp, Task> Run) Same(
        string table,
        string index,
        Func<AdminApp, Task> run
    ) => (table, index, index, run);

    private static Task SignInAsync(AdminApp app) =>
        app.RunAsync<PasswordSignIn, Core.Common.Result<SignedIn>>(signIn =>
            signIn.SignInAsync(Actor.Anonymous(), new() { Login = TestData.AdminEmail, Password = "not the password" }, default)
        );

    private static Task ListAsync(AdminApp app, UserQuery query) =>
        app.RunAsync<UserDirectory, Core.Common.Result<Page<UserDetails>>>(users => users.ListAsync(TestData.System, query, default));

    private static Task ReadAsync(AdminApp app, AuditQuery query) =>
        app.RunAsync<AuditWindow, Core.Common.Result<AuditSlice>>(window => window.NewestAsync(TestData.System, query, default));

    public sealed class OnSqlite(SqliteApp app) : QueryPlanTests(app), IClassFixture<SqliteApp>;

    public sealed class OnPostgres(PostgresApp app) : QueryPlanTests(app), IClassFixture<PostgresApp>;
}
