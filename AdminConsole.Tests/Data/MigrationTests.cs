using System.Data.Common;
using AdminConsole.Core.Common;
using AdminConsole.Core.Data;
using AdminConsole.Core.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.EntityFrameworkCore.Migrations.Operations;

namespace AdminConsole.Tests.Data;

public sealed class MigrationTests(SqliteApp app) : IClassFixture<SqliteApp>
{
    [Fact]
    public async Task A_start_interrupted_at_the_end_of_a_migration_is_completed_by_the_next()
    {
        var cut = new Cut(0);
        for (var at = 1; at == 1 || cut.Happened; at++)
        {
            await using var database = await TestDatabase.CreateAsync(DatabaseProvider.Sqlite);
            cut = new Cut(at);
            await RunAsync(
                database,
                cut,
                async db =>
                {
                    if (await Record.ExceptionAsync(() => db.MigrateAsync(() => Task.CompletedTask, default)) is { } exception)
                    {
                        Assert.True(cut.Happened, exception.ToString());
                    }
                }
            );

            await using var next = await AdminApp.StartAsync(DatabaseProvider.Sqlite, database);
            await next.CreateUserAsync(TestData.AdminEmail, TestData.Password, "Admin");
            using var admin = await next.SignInAdminAsync();
            Assert.Equal(
                1,
                await next.ReadAsync(db =>
                    db.Database.SqlQuery<int>($"SELECT foreign_keys AS \"Value\" FROM pragma_foreign_keys").SingleAsync()
                )
            );
        }

        // The last migration ran to its end, after all others.
        Assert.Equal(await app.ReadAsync(async db => db.Database.GetMigrations().Count()), cut.Migrations);
    }

    [Fact]
    public async Task A_migration_that_rebuilds_a_table_stays_in_its_transaction()
    {
        var (operation, rebuilds) = (
            new AlterColumnOperation
            {
                Table = "Settings",
                Name = "Json",
                ClrType = typeof(string),
                ColumnType = "TEXT",
            },
            new List<string>()
        );

        await RunAsync(
            app.Database,
            new Cut(0),
            db =>
            {
                var commands = db.GetService<IMigrationsSqlGenerator>().Generate([operation], db.GetService<IDesignTimeModel>().Model);
                Assert.DoesNotContain(commands, command => command.TransactionSuppressed);
                rebuilds.AddRange(
                    commands
                        .Select(command => command.CommandText)
                        .Where(text => text.Contains("ef_temp_Settings", StringComparison.Ordinal))
                );
                return Task.CompletedTask;
            }
        );

        Assert.NotEmpty(rebuilds);
    }

    private async Task RunAsync(TestDatabase database, Cut cut, Func<SqliteAppDbContext, Task> work)
    {
        using var scope = app.Services.CreateScope();
        using var gate = new SqliteWriterGate();
        var builder = new DbContextOptionsBuilder<SqliteAppDbContext>()
            .UseSqlite(database.ConnectionString)
            .UseApplicationServiceProvider(scope.ServiceProvider)
            .AddInterceptors(cut);
        await using var db = new SqliteAppDbContext(builder.Options, scope.ServiceProvider.GetRequiredService<ChangeRunner>(), gate);
        await work(db);
    }

    /// <summary>Fails before the given migration is recorded, so that the file is as a killed process would leave
    /// it.</summary>
    private sealed class Cut(int at) : DbCommandInterceptor
    {
        public int Migrations { get; private set; }

        public bool Happened { get; private set; }

        public override ValueTask<InterceptionResult<int>> NonQueryExecutingAsync(
            DbCommand command,
            CommandEventData eventData,
            InterceptionResult<int> result,
            CancellationToken cancellationToken = default
        )
        {
            if (command.CommandText.StartsWith("INSERT INTO \"__EFMigrationsHistory\"", StringComparison.Ordinal) && ++Migrations == at)
            {
                Happened = true;
                throw new OperationCanceledException("Interrupted.");
            }

            return ValueTask.FromResult(result);
        }
    }
}
