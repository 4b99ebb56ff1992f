using AdminConsole.Core.Changes;
using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Email;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Tests.System;

/// <summary>Health checks against real faults: each test breaks something and repairs it where possible.</summary>
public sealed class HealthTests
{
    private static readonly (string, string?)[] DeadMailServer =
    [
        ("Mail:Host", "127.0.0.1"),
        ("Mail:Port", "1"),
        ("Mail:Security", "None"),
        ("Mail:From", "console@example.com"),
    ];

    private static async Task ReadyAsync(AdminApp app, int status, string word)
    {
        using var caller = app.Anonymous();
        await AdminApp.UntilAsync(
            async () => await caller.GetAsync("/health/ready") is { } answer && (answer.Status, answer.Text) == (status, word),
            $"{status} {word}"
        );
    }

    private static async Task<SystemCheck> CheckAsync(AdminApp app, string name)
    {
        using var admin = await app.SignInAdminAsync();
        return await CheckAsync(admin, name);
    }

    private static async Task<SystemCheck> CheckAsync(ApiClient admin, string name) =>
        (await admin.GetAsync("/api/system")).Is(200).As<SystemStatus>().Checks.Single(check => check.Name == name);

    [Theory, OnBoth]
    public async Task A_running_console_is_healthy(DatabaseProvider provider)
    {
        await using var app = await AdminApp.StartAsync(provider);
        using var caller = app.Anonymous();

        Assert.Equal("Healthy", (await caller.GetAsync("/health/live")).Is(200).Text);
        Assert.Equal("Healthy", (await caller.GetAsync("/health/ready")).Is(200).Text);
    }

    [Theory, OnBoth]
    public async Task A_database_that_cannot_be_read_is_not_ready_and_ready_again_when_it_can(DatabaseProvider provider)
    {
        await using var app = await AdminApp.StartAsync(provider);
        using var caller = app.Anonymous();

        await app.Database.ExecuteAsync("""ALTER TABLE "AuditHeads" RENAME TO "Away" """);
        await ReadyAsync(app, 503, "Unhealthy");
        var answer = (await caller.GetAsync("/health/ready")).Is(503);
        var live = await caller.GetAsync("/health/live");
        await app.Database.ExecuteAsync("""ALTER TABLE "Away" RENAME TO "AuditHeads" """);

        Assert.Equal("5", Assert.Single(answer.Headers["Retry-After"]));
        Assert.Equal("Healthy", live.Is(200).Text);
        await ReadyAsync(app, 200, "Healthy");
    }

    [Fact]
    public async Task A_database_that_only_answers_reads_is_not_ready()
    {
        await using var app = await AdminApp.StartAsync(DatabaseProvider.PostgreSQL);
        const string cut =
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> "
            + "pg_backend_pid() AND usename = current_user";

        await app.Database.ExecuteAsync(
            $"DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET default_transaction_read_only = on', current_database()); END $$; {cut}"
        );
        await ReadyAsync(app, 503, "Unhealthy");
        await app.Database.ExecuteAsync(
            "BEGIN READ WRITE; DO $$ BEGIN EXECUTE format('ALTER DATABASE %I RESET default_transaction_read_only', "
                + $"current_database()); END $$; COMMIT; {cut}"
        );

        await ReadyAsync(app, 200, "Healthy");
    }

    [Fact]
    public async Task A_long_wait_for_the_write_lock_is_reported_as_degraded_only()
    {
        await using var app = await AdminApp.StartAsync(DatabaseProvider.Sqlite);
        await using var other = (SqliteConnection)await app.Database.OpenAsync();

        await using (await other.BeginTransactionAsync())
        {
            await ReadyAsync(app, 200, "Degraded");
        }

        await ReadyAsync(app, 200, "Healthy");
    }

    [Theory]
    [InlineData(DatabaseProvider.Sqlite, 503, "Unhealthy")]
    [InlineData(DatabaseProvider.PostgreSQL, 200, "Degraded")]
    public async Task A_nearly_full_disk_is_reported_and_unhealthy_for_a_database_on_it(DatabaseProvider provider, int status, string word)
    {
        await using var app = await AdminApp.StartAsync(provider, settings: ("Health:MinimumFreeMegabytes", int.MaxValue.ToString()));
        await app.CreateUserAsync(TestData.AdminEmail, TestData.Password, "Admin");

        await ReadyAsync(app, status, word);

        Assert.Contains("MiB are free where the data is", (await CheckAsync(app, "disk")).Problem, StringComparison.Ordinal);
    }

    [Theory, OnBoth]
    public async Task Undelivered_mail_is_degraded_and_does_not_affect_readiness(DatabaseProvider provider)
    {
        await using var app = await AdminApp.StartAsync(provider, settings: DeadMailServer);
        await app.CreateUserAsync(TestData.AdminEmail, TestData.Password, "Admin");
        using var admin = await app.SignInAdminAsync();
        (await admin.PostAsync("/api/users", new { email = "waits@example.com", invite = true })).Is(201);
        var waiting = await app.ReadAsync(db => db.OutboxMails.CountAsync(mail => mail.State == MailStates.Waiting));
        await ReadyAsync(app, 200, "Healthy");

        app.Clock.Advance(TimeSpan.FromMinutes(31));

        await ReadyAsync(app, 200, "Degraded");
        // Without another sign-in, which would queue an email.
        Assert.StartsWith($"{waiting} mail", (await CheckAsync(admin, "outbox")).Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_node_without_the_relay_is_slower_and_not_wrong()
    {
        await using var app = await AdminApp.StartAsync(DatabaseProvider.PostgreSQL);
        await app.CreateUserAsync(TestData.AdminEmail, TestData.Password, "Admin");
        var feed = app.Services.GetRequiredService<ChangeFeed>();

        feed.IsComplete = false;
        await ReadyAsync(app, 200, "Degraded");
        Assert.Contains("not heard of", (await CheckAsync(app, "relay")).Problem, StringComparison.Ordinal);
        feed.IsComplete = true;

        await ReadyAsync(app, 200, "Healthy");
    }

    [Theory, OnBoth]
    public async Task Results_of_the_checks_are_shown_to_administrators_only(DatabaseProvider provider)
    {
        await using var app = await AdminApp.StartAsync(provider, settings: ("Health:MinimumFreeMegabytes", int.MaxValue.ToString()));
        await app.CreateUserAsync(TestData.AdminEmail, TestData.Password, "Admin");
        using var admin = await app.SignInAdminAsync();
        var operators = await app.SignedInUserAsync("Operator");
        using var anonymous = app.Anonymous();

        var words = await Task.WhenAll(new[] { admin, operators.Caller, anonymous }.Select(caller => caller.GetAsync("/health/ready")));
        var details = (await admin.GetAsync("/api/system")).Is(200).As<SystemStatus>();

        Assert.All(words, answer => Assert.Matches("^(Unhealthy|Degraded)$", answer.Text));
        Assert.Contains("MiB are free", details.Checks[0].Problem, StringComparison.Ordinal);
        (await operators.Caller.GetAsync("/api/system")).Refuses(403, "forbidden");
        (await anonymous.GetAsync("/api/system")).Refuses(401, "unauthenticated");
    }

    [Theory, OnBoth]
    public async Task A_signed_in_browser_gets_the_same_response_without_a_database_as_an_anonymous_one(DatabaseProvider provider)
    {
        await using var app = await AdminApp.StartAsync(provider);
        await app.CreateUserAsync(TestData.AdminEmail, TestData.Password, "Admin");
        using var admin = await app.SignInAdminAsync();

        await app.Database.ExecuteAsync("""ALTER TABLE "Sessions" RENAME TO "Away" """);

        (await admin.GetAsync("/api/auth/me")).Is(500);
        (await admin.GetAsync("/health/live")).Is(200);
        (await admin.GetAsync("/health/ready")).Is(200);
    }

    [Fact]
    public async Task Concurrent_requests_share_one_check()
    {
        var looks = 0;
        var found = new TaskCompletionSource<int>();
        var remembered = new SingleFlightCache<int>(
            TimeSpan.FromHours(1),
            () =>
            {
                Interlocked.Increment(ref looks);
                return found.Task;
            }
        );

        var asked = Enumerable.Range(0, 64).Select(_ => Task.Run(() => remembered.GetAsync(TimeSpan.FromMinutes(1), default))).ToList();
        found.SetResult(7);

        Assert.All(await Task.WhenAll(asked), answer => Assert.Equal(7, answer));
        Assert.Equal(7, await remembered.GetAsync(TimeSpan.Zero, default));
        Assert.Equal(1, looks);
    }

    [Fact]
    public async Task A_check_that_hangs_times_out_and_is_not_started_twice()
    {
        var looks = 0;
        var never = new TaskCompletionSource<int>();
        var remembered = new SingleFlightCache<int>(
            TimeSpan.Zero,
            () =>
            {
                Interlocked.Increment(ref looks);
                return never.Task;
            }
        );

        await Assert.ThrowsAsync<TimeoutException>(() => remembered.GetAsync(TimeSpan.FromMilliseconds(1), default));
        await Assert.ThrowsAsync<TimeoutException>(() => remembered.GetAsync(TimeSpan.FromMilliseconds(1), default));
        never.SetResult(1);

        await AdminApp.UntilAsync(async () => await remembered.GetAsync(TimeSpan.FromMinutes(1), default) == 1, "it answered");
        Assert.InRange(looks, 1, 2);
    }
}
