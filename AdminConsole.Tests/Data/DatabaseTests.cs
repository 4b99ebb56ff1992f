using System.Data.Common;
using AdminConsole.Core.Changes;
using AdminConsole.Core.Common;
using AdminConsole.Core.Data;
using AdminConsole.Core.Roles;
using AdminConsole.Core.Users;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Tests.Data;

public abstract class DatabaseTests(AdminApp app)
{
    private async Task RefusesToWriteAsync(Func<AppDbContext, Task> write)
    {
        var watch = await app.WatchAsync();

        var thrown = await Assert.ThrowsAsync<InvalidOperationException>(() =>
            app.RunAsync<AppDbContext, bool>(async db =>
            {
                await write(db);
                return true;
            })
        );

        Assert.Equal("Write through ChangeAsync, which audits.", thrown.Message);
        await watch.NothingHappenedAsync();
    }

    [Fact]
    public Task Saving_outside_a_change_throws() =>
        RefusesToWriteAsync(db =>
        {
            db.Add(AppRole.Create("Sneaked in", "", [], builtIn: false, app.Clock.GetUtcNow()));
            return db.SaveChangesAsync();
        });

    [Fact]
    public Task Saving_synchronously_throws() =>
        RefusesToWriteAsync(db =>
        {
            db.Add(AppRole.Create("Sneaked in", "", [], builtIn: false, app.Clock.GetUtcNow()));
#pragma warning disable CA1849, MA0045 // The test asserts that it throws.
            db.SaveChanges();
#pragma warning restore CA1849, MA0045
            return Task.CompletedTask;
        });

    [Fact]
    public Task Updating_in_bulk_outside_a_change_throws() =>
        RefusesToWriteAsync(db => db.Users.ExecuteUpdateAsync(set => set.SetProperty(user => user.Active, false)));

    [Fact]
    public Task Deleting_in_bulk_outside_a_change_throws() => RefusesToWriteAsync(db => db.Sessions.ExecuteDeleteAsync());

    [Fact]
    public Task Writing_by_sql_outside_a_change_throws() =>
        RefusesToWriteAsync(db => db.Database.ExecuteSqlAsync($"""UPDATE "Users" SET "Active" = false"""));

    [Fact]
    public Task Writing_by_sql_behind_a_comment_throws_too() =>
        RefusesToWriteAsync(db =>
            db.Database.ExecuteSqlAsync(
                $"""
                -- harmless
                UPDATE "Users" SET "Active" = false
                """
            )
        );

    [Fact]
    public Task Writing_by_sql_behind_a_common_table_throws_too() =>
        RefusesToWriteAsync(db =>
            db.Database.ExecuteSqlAsync(
                $"""
                WITH everybody AS (SELECT 1) UPDATE "Users" SET "Active" = false
                """
            )
        );

    [Fact]
    public async Task A_change_that_throws_leaves_nothing()
    {
        var watch = await app.WatchAsync();

        await Assert.ThrowsAsync<NotSupportedException>(() =>
            app.RunAsync<AppDbContext, Result<Unit>>(db =>
                db.ChangeAsync<Unit>(
                    TestData.System,
                    null,
                    async change =>
                    {
                        db.Add(AppRole.Create("Half done", "", [], builtIn: false, change.At));
                        change.Record(AuditActions.UserUpdated, null);
                        await db.SaveChangesAsync();
                        throw new NotSupportedException();
                    },
                    default
                )
            )
        );

        await watch.NothingHappenedAsync();
        await app.CreateUserAsync();
    }

    [Theory]
    [InlineData("tracked")]
    [InlineData("in bulk")]
    [InlineData("by sql")]
    public async Task A_change_that_would_write_without_an_event_throws(string how)
    {
        var watch = await app.WatchAsync();

        var thrown = await Assert.ThrowsAsync<InvalidOperationException>(() =>
            app.RunAsync<AppDbContext, Result<Unit>>(db =>
                db.ChangeAsync<Unit>(
                    TestData.System,
                    null,
                    async change =>
                    {
                        await (
                            how switch
                            {
                                "tracked" => db.AddAsync(AppRole.Create("Sneaked in", "", [], builtIn: false, change.At)).AsTask(),
                                "in bulk" => db.Users.ExecuteUpdateAsync(set => set.SetProperty(user => user.DisplayName, "Sneaked in")),
                                _ => (Task)db.Database.ExecuteSqlAsync($"""UPDATE "Users" SET "DisplayName" = 'Sneaked in'"""),
                            }
                        );
                        return default(Unit);
                    },
                    default
                )
            )
        );

        Assert.Equal("A change that writes must record an audit event.", thrown.Message);
        await watch.NothingHappenedAsync();
    }

    [Fact]
    public async Task A_refusal_leaves_nothing_unless_it_is_recorded()
    {
        var watch = await app.WatchAsync();
        Task<Result<Unit>> RefuseAsync(Refusal refusal) =>
            app.RunAsync<AppDbContext, Result<Unit>>(db =>
                db.ChangeAsync<Unit>(
                    TestData.System,
                    null,
                    async change =>
                    {
                        change.Record(AuditActions.SignInFailed, null);
                        await db.SaveChangesAsync();
                        return refusal;
                    },
                    default
                )
            );

        Assert.Equal("no", (await RefuseAsync(Refusal.Conflict("no", "No."))).Refusal!.Code);
        await watch.NothingHappenedAsync();
        Assert.Equal("no", (await RefuseAsync(Refusal.Conflict("no", "No.").Recorded())).Refusal!.Code);

        await watch.OnlyRecordedAsync("auth.sign_in_failed");
    }

    [Fact]
    public async Task A_cancelled_wait_does_not_block_others()
    {
        using var cancelled = new CancellationTokenSource();
        var entered = new TaskCompletionSource();
        var leave = new TaskCompletionSource();
        var holder = app.RunAsync<AppDbContext, Result<Unit>>(db =>
            db.ChangeAsync<Unit>(
                TestData.System,
                null,
                async _ =>
                {
                    entered.SetResult();
                    await leave.Task;
                    return default(Unit);
                },
                default,
                ChangeLock.Administrators
            )
        );
        await entered.Task;
        var waiting = app.RunAsync<UserLifecycle, Result<Core.Contracts.UserDetails>>(users =>
            users.UpdateAsync(TestData.System, Guid.CreateVersion7(), new() { DisplayName = "x" }, cancelled.Token)
        );

        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        leave.SetResult();
        await holder;
        await app.CreateUserAsync();
    }

    [Fact]
    public async Task The_model_has_no_changes_without_a_migration() =>
        Assert.False(await app.ReadAsync(db => Task.FromResult(db.Database.HasPendingModelChanges())));

    [Fact]
    public async Task The_triggers_exist_after_migrating()
    {
        var triggers = await app.Database.QueryAsync(
            app.Provider == DatabaseProvider.Sqlite
                ? "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'AuditEvents' ORDER BY name"
                : "SELECT tgname FROM pg_trigger WHERE tgrelid = '\"AuditEvents\"'::regclass AND NOT tgisinternal AND tgenabled "
                    + "= 'O' ORDER BY tgname"
        );

        Assert.Equal(app.Provider == DatabaseProvider.Sqlite ? AuditSchema.SqliteTriggers : AuditSchema.PostgresTriggers, triggers);
    }

    [Fact]
    public async Task The_address_is_unique_in_the_database_itself()
    {
        var user = await app.CreateUserAsync();
        var other = await app.CreateUserAsync();

        await Assert.ThrowsAnyAsync<DbException>(() =>
            app.Database.ExecuteAsync(
                $"""
                UPDATE "Users" SET "NormalizedEmail" = '{AppUser.Normalize(user.Email!)}'
                WHERE "NormalizedEmail" = '{AppUser.Normalize(other.Email!)}'
                """
            )
        );
    }

    [Fact]
    public async Task Times_are_stored_to_the_microsecond()
    {
        var user = await app.CreateUserAsync();

        var read = await app.RunAsync<UserDirectory, Result<Core.Contracts.UserDetails>>(users =>
            users.FindAsync(TestData.System, user.Id, default)
        );

        Assert.Equal((user.CreatedAt, TimeSpan.Zero), (read.Value.CreatedAt, read.Value.CreatedAt.Offset));
    }

    public sealed class OnSqlite(SqliteApp app) : DatabaseTests(app), IClassFixture<SqliteApp>
    {
        private readonly AdminApp app = app;

        [Theory]
        [InlineData("journal_mode", "wal")]
        [InlineData("synchronous", "2")]
        [InlineData("foreign_keys", "1")]
        [InlineData("busy_timeout", "10000")]
        public async Task Nothing_acknowledged_is_lost_and_references_hold(string pragma, string expected)
        {
            var value = await app.ReadAsync(async db =>
            {
                await db.Database.OpenConnectionAsync();
                await using var command = db.Database.GetDbConnection().CreateCommand();
#pragma warning disable CA2100 // The names are constants above.
                command.CommandText = $"PRAGMA {pragma}";
#pragma warning restore CA2100
                return (await command.ExecuteScalarAsync())!.ToString();
            });

            Assert.Equal(expected, value);
        }
    }

    public sealed class OnPostgres(PostgresApp app) : DatabaseTests(app), IClassFixture<PostgresApp>;
}
