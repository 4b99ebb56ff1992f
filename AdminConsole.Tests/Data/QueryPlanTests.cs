using System.Text.RegularExpressions;
using AdminConsole.Core.Audit;
using AdminConsole.Core.Authentication;
using AdminConsole.Core.Changes;
using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Data;
using AdminConsole.Core.Email;
using AdminConsole.Core.OAuth;
using AdminConsole.Core.Security;
using AdminConsole.Core.System;
using AdminConsole.Core.Tokens;
using AdminConsole.Core.Users;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Tests.Data;

/// <summary>The queries that run most often use the index that was made for them.</summary>
public abstract partial class QueryPlanTests(AdminApp app)
{
    private static readonly ClientInfo Client = new("192.0.2.1", "Test", "request");

    private static readonly Actor Owner = TestData.System with
    {
        UserId = Guid.CreateVersion7(),
        Name = "owner@example.com",
        Via = AuthenticationMethod.Session,
    };

    // The index on SQLite and on PostgreSQL, and an operation that sends the query.
    private static readonly Dictionary<string, (string Sqlite, string Postgres, Func<AdminApp, Task> Run)> Queries = new()
    {
        ["the session of a request"] = Same(
            "IX_Sessions_KeyHash",
            app => app.RunAsync<ActorResolver, Actor?>(actors => actors.BySessionKeyAsync("no such key", Client, default))
        ),
        ["a personal access token"] = Same(
            "IX_PersonalAccessTokens_Prefix",
            app => app.RunAsync<TokenVerifier, TokenCheck>(verifier => verifier.VerifyAsync(Secret.CreateToken(), null, default).AsTask())
        ),
        ["the user who signs in"] = Same("EmailIndex", SignInAsync),
        ["failed sign-ins of the last minutes"] = Same("IX_SignInFailures_BudgetId_At", SignInAsync),
        ["the first page of users"] = Same("EmailIndex", app => ListAsync(app, new UserQuery())),
        ["the newest users"] = Same("IX_Users_CreatedAt_Id", app => ListAsync(app, new UserQuery { Sort = "-createdAt" })),
        ["users by their last sign-in"] = Same("IX_Users_LastSignIn", app => ListAsync(app, new UserQuery { Sort = "-lastSignInAt" })),
        ["users with a text"] = (
            "VIRTUAL TABLE INDEX",
            "IX_Users_SearchLetters",
            app => ListAsync(app, new UserQuery { Search = "silva" })
        ),
        ["the tokens of a user"] = Same(
            "IX_PersonalAccessTokens_OwnerId",
            app =>
                app.RunAsync<PersonalAccessTokens, Result<Page<TokenSummary>>>(tokens => tokens.ListAsync(Owner, new PageQuery(), default))
        ),
        ["events by a user"] = ("IX_AuditEvents_ActorId", "IX_AuditEvents_ActorId_Id", app => ReadAsync(app, new() { Actor = Id })),
        ["events about a user"] = ("IX_AuditEvents_TargetId", "IX_AuditEvents_TargetId_Id", app => ReadAsync(app, new() { Target = Id })),
        ["events of one kind"] = (
            "IX_AuditEvents_Action",
            "IX_AuditEvents_Action_Id",
            app => ReadAsync(app, new() { Action = AuditActions.UserCreated })
        ),
        ["events of a session"] = (
            "IX_AuditEvents_SessionId",
            "IX_AuditEvents_SessionId_Id",
            app => ReadAsync(app, new() { Session = Owner.UserId })
        ),
        ["messages that are due"] = Same(
            "IX_OutboxMails_State_DueAt_Id",
            app => app.RunAsync<OutboxWorker, int>(worker => worker.RunOnceAsync(default))
        ),
        ["users to reactivate"] = Same(
            "IX_Users_DeactivatedUntil",
            app => app.RunAsync<Reactivation, int>(worker => worker.RunOnceAsync(default))
        ),
        ["expired sessions"] = Same(
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

    private static string Id => Owner.UserId!.Value.ToString();

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_hot_query_uses_its_index(string query)
    {
        var (sqlite, postgres, run) = Queries[query];
        var index = app.Provider == DatabaseProvider.Sqlite ? sqlite : postgres;

        var sent = (await SentCommands.OfAsync(() => run(app))).Where(command => Explainable().IsMatch(command.Text)).ToList();

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

    private static (string Sqlite, string Postgres, Func<AdminApp, Task> Run) Same(string index, Func<AdminApp, Task> run) =>
        (index, index, run);

    private static Task SignInAsync(AdminApp app) =>
        app.RunAsync<PasswordSignIn, Result<SignedIn>>(signIn =>
            signIn.SignInAsync(Actor.Anonymous(), new() { Login = TestData.AdminEmail, Password = "not the password" }, default)
        );

    private static Task ListAsync(AdminApp app, UserQuery query) =>
        app.RunAsync<UserDirectory, Result<Page<UserDetails>>>(users => users.ListAsync(TestData.System, query, default));

    private static Task ReadAsync(AdminApp app, AuditQuery query) =>
        app.RunAsync<AuditWindow, Result<AuditSlice>>(window => window.NewestAsync(TestData.System, query, default));

    [GeneratedRegex("^(SELECT|UPDATE|DELETE|INSERT|WITH)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Explainable();

    public sealed class OnSqlite(SqliteApp app) : QueryPlanTests(app), IClassFixture<SqliteApp>;

    public sealed class OnPostgres(PostgresApp app) : QueryPlanTests(app), IClassFixture<PostgresApp>;
}
