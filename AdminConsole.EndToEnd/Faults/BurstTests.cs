using System.Collections.Concurrent;
using AdminConsole.Core.Changes;
using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Data;

namespace AdminConsole.EndToEnd.Faults;

/// <summary>Bursts of requests.</summary>
public sealed class BurstTests
{
    private const int EventsPerChange = 1_000;
    private const int Writers = 8;

    [Theory, OnBoth]
    public async Task A_burst_of_audit_events_leaves_a_valid_chain_and_does_not_block_other_requests(DatabaseProvider provider)
    {
        await using var app = await AdminApp.StartAsync(provider);
        await app.CreateUserAsync(TestData.AdminEmail, TestData.Password, "Admin");
        using var admin = await app.SignInAdminAsync();
        var errorsAtStart = app.Log.Errors.Count();
        var left = Amount.Events / EventsPerChange;
        var burst = Task.WhenAll(
            Enumerable
                .Range(0, Writers)
                .Select(async _ =>
                {
                    while (Interlocked.Decrement(ref left) >= 0)
                    {
                        await RecordAsync(app);
                    }
                })
        );

        var answered = 0;
        do
        {
            (await admin.PostAsync("/api/users", new { email = TestData.Email("burst") })).Is(201);
            (await admin.GetAsync("/api/audit?limit=20")).Is(200);
            (await admin.GetAsync("/api/auth/me")).Is(200);
            answered++;
        } while (!burst.IsCompleted);

        await burst;
        var verification = (await admin.GetAsync("/api/audit/verify")).As<AuditVerification>();
        Assert.True(verification.Valid);
        Assert.InRange(verification.Events, Amount.Events / EventsPerChange * EventsPerChange + answered, long.MaxValue);
        Assert.Empty(app.Log.Errors.Skip(errorsAtStart));
    }

    [Fact]
    public async Task However_many_wrong_passwords_are_sent_ten_are_checked_and_open_sessions_work()
    {
        await using var app = await AdminApp.StartAsync(DatabaseProvider.Sqlite);
        var owner = await app.SignedInUserAsync("User");
        var left = Amount.Passwords;
        var answers = new ConcurrentDictionary<string, int>();
        var guessing = Task.WhenAll(
            Enumerable
                .Range(0, 64)
                .Select(async _ =>
                {
                    using var stranger = app.Anonymous();
                    while (Interlocked.Decrement(ref left) is >= 0 and var guess)
                    {
                        var answer = await stranger.PostAsync(
                            "/api/auth/login",
                            new { login = owner.Email, password = $"a wrong password {guess}" }
                        );
                        answers.AddOrUpdate($"{answer.Status} {answer.Code}", 1, (_, count) => count + 1);
                    }
                })
        );

        do
        {
            (await owner.Caller.GetAsync("/api/auth/me")).Is(200);
        } while (!guessing.IsCompleted);

        await guessing;
        Assert.Empty(answers.Keys.Except(["401 invalid_credentials", "503 busy"]));
        var events = await app.ReadAsync(db =>
            Task.FromResult(
                db.AuditEvents.Where(entry => entry.Action == AuditActions.SignInFailed || entry.Action == AuditActions.LockedOut)
                    .Select(entry => entry.Details!)
                    .ToList()
            )
        );
        Assert.Equal(10, events.Count(details => details.Contains("wrong_password", StringComparison.Ordinal)));
        (await owner.Caller.PostAsync("/api/auth/login", new { login = owner.Email, password = TestData.Password })).Is(200);
        (await app.Anonymous().PostAsync("/api/auth/login", new { login = owner.Email, password = TestData.Password })).Is(401);
        Assert.Empty(app.Log.Errors);
    }

    private static Task<Result<Unit>> RecordAsync(AdminApp app) =>
        app.RunAsync<AppDbContext, Result<Unit>>(db =>
            db.ChangeAsync<Unit>(
                TestData.System,
                null,
                change =>
                {
                    for (var entry = 0; entry < EventsPerChange; entry++)
                    {
                        change.Record(
                            AuditActions.UserUpdated,
                            new AuditTarget("user", $"{Guid.CreateVersion7()}", "burst"),
                            new { entry }
                        );
                    }

                    return Task.FromResult<Result<Unit>>(default(Unit));
                },
                default
            )
        );
}
