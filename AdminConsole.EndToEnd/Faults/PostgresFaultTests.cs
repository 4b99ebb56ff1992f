using System.Collections.Concurrent;
using AdminConsole.Core.Changes;
using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace AdminConsole.EndToEnd.Faults;

/// <summary>Faults of PostgreSQL and of its connections.</summary>
public sealed class PostgresFaultTests
{
    private const int Writers = 8;
    private const int Enough = 30;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task After_a_crash_or_failover_no_acknowledged_change_is_lost_and_the_program_recovers(bool failsOver)
    {
        await using var postgres = await OwnPostgres.StartAsync(withStandby: failsOver);
        await using var database = postgres.Database();
        await using var app = await AdminApp.StartAsync(DatabaseProvider.PostgreSQL, database);
        await app.CreateUserAsync(TestData.AdminEmail, TestData.Password, "Admin");
        using var admin = await app.SignInAdminAsync();
        var acknowledged = new ConcurrentBag<Guid>();
        var refusals = new ConcurrentBag<ApiResponse>();
        using var end = new CancellationTokenSource();
        var writers = Enumerable
            .Range(0, Writers)
            .Select(async _ =>
            {
                while (!end.IsCancellationRequested)
                {
                    var answer = await admin.PostAsync("/api/users", new { email = TestData.Email("fault") });
                    if (answer.Status == 201)
                    {
                        acknowledged.Add(answer.As<UserDetails>().Id);
                    }
                    else
                    {
                        refusals.Add(answer);
                        await Task.Yield();
                    }
                }
            })
            .ToList();
        await AdminApp.UntilAsync(() => Task.FromResult(acknowledged.Count >= Enough), "changes are under way");

        await (failsOver ? postgres.FailOverAsync() : postgres.CrashAndRestartAsync());
        var before = acknowledged.Count;
        await AdminApp.UntilAsync(() => Task.FromResult(acknowledged.Count >= before + Enough), "changes go on by themselves");
        await end.CancelAsync();
        await Task.WhenAll(writers);

        Assert.NotEmpty(refusals);
        Assert.True(
            refusals.All(answer => answer.Status == 503 && answer.Code is "unavailable" or "outcome_unknown"),
            string.Join(
                '\n',
                app.Log.Errors.Where(line =>
                        line.Contains("Unhandled", StringComparison.OrdinalIgnoreCase)
                        || line.Contains("ExceptionHandler", StringComparison.Ordinal)
                    )
                    .Take(3)
            )
        );
        var users = await app.ReadAsync(db =>
            db.Users.Where(user => user.Email!.StartsWith("fault")).Select(user => user.Id).ToListAsync()
        );
        Assert.Empty(acknowledged.Except(users));
        Assert.InRange(users.Count - acknowledged.Count, 0, refusals.Count(answer => answer.Code == "outcome_unknown"));
        Assert.True((await admin.GetAsync("/api/audit/verify")).As<AuditVerification>().Valid);
        await AdminApp.UntilAsync(
            () => Task.FromResult(app.Services.GetRequiredService<ChangeFeed>().IsComplete),
            "what is remembered is relied on again"
        );
    }

    [Fact]
    public async Task With_every_connection_in_use_the_response_is_503_and_the_program_recovers()
    {
        await using var made = await TestDatabase.CreateAsync(DatabaseProvider.PostgreSQL);
        var few = new NpgsqlConnectionStringBuilder(made.ConnectionString) { MaxPoolSize = 4, Timeout = 1 }.ConnectionString;
        await using var app = await AdminApp.StartAsync(DatabaseProvider.PostgreSQL, made with { ConnectionString = few });
        await app.CreateUserAsync(TestData.AdminEmail, TestData.Password, "Admin");
        using var admin = await app.SignInAdminAsync();
        (await app.Anonymous().GetAsync("/login", ("Accept", "text/html"))).Is(200);
        var taken = new List<NpgsqlConnection>();
        for (var connection = 0; connection < 4; connection++)
        {
            taken.Add(new NpgsqlConnection(few));
            await taken[^1].OpenAsync();
        }

        (await admin.GetAsync("/api/users")).Refuses(503, "unavailable");
        (await admin.PostAsync("/api/users", new { email = TestData.Email() })).Refuses(503, "unavailable");
        (await app.Anonymous().GetAsync("/login", ("Accept", "text/html"))).Is(200);
        (await admin.GetAsync("/users", ("Accept", "text/html"))).Is(503).IsPage("Temporarily unavailable");
        taken.ForEach(connection => connection.Dispose());
        (await admin.PostAsync("/api/users", new { email = TestData.Email() })).Is(201);
    }

    [Fact]
    public async Task A_read_only_database_refuses_changes_and_serves_reads()
    {
        await using var app = new PostgresApp();
        await app.InitializeAsync();
        using var admin = await app.SignInAdminAsync();
        var name = new NpgsqlConnectionStringBuilder(app.Database.ConnectionString).Database;

        await app.Database.ExecuteAsync($"ALTER DATABASE {name} SET default_transaction_read_only = on");
        NpgsqlConnection.ClearAllPools();
        var refused = (await admin.PostAsync("/api/users", new { email = TestData.Email() })).Refuses(503, "unavailable");

        Assert.Contains("can only be read", refused.Text, StringComparison.Ordinal);
        (await admin.GetAsync("/api/users")).Is(200);
        app.Clock.Advance(TimeSpan.FromMinutes(2));
        (await admin.GetAsync("/api/users")).Is(200);
        await app.Database.ExecuteAsync($"BEGIN READ WRITE; ALTER DATABASE {name} SET default_transaction_read_only = off; COMMIT");
        NpgsqlConnection.ClearAllPools();
        (await admin.PostAsync("/api/users", new { email = TestData.Email() })).Is(201);
    }
}
