using System.Data.Common;
using AdminConsole.Core;
using AdminConsole.Core.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace AdminConsole.Tests.Data;

public sealed class MigrationTests(SqliteApp app) : IClassFixture<SqliteApp>
{
    [Fact]
    public async Task A_start_that_is_cut_off_while_it_rebuilds_a_table_is_finished_by_the_next()
    {
        var cut = new Cut(0);
        for (var at = 1; at == 1 || cut.Happened; at++)
        {
            await using var database = await TestDatabase.CreateAsync(DatabaseProvider.Sqlite);
            cut = new Cut(at);
            await MigrateAsync(database, cut);

            await using var next = await AdminApp.StartAsync(DatabaseProvider.Sqlite, database);
            await next.CreateUserAsync(Some.AdminEmail, Some.Password, "Admin");
            using var admin = await next.SignInAdminAsync();
            Assert.Equal(1, await next.ReadAsync(db => db.Database.SqlQuery<int>($"SELECT foreign_keys AS \"Value\" FROM pragma_foreign_keys").SingleAsync()));
        }

        // The last one ran to its end, past all that are rebuilt.
        Assert.InRange(cut.Rebuilds, 6, int.MaxValue);
    }

    private async Task MigrateAsync(TestDatabase database, Cut cut)
    {
        using var scope = app.Services.CreateScope();
        using var gate = new SqliteWriterGate();
        var options = new DbContextOptionsBuilder<SqliteAppDbContext>().UseSqlite(database.ConnectionString).UseApplicationServiceProvider(scope.ServiceProvider).AddInterceptors(cut).Options;
        await using var db = new SqliteAppDbContext(options, scope.ServiceProvider.GetRequiredService<ChangeTools>(), gate);
        var migrating = db.MigrateAsync(() => Task.CompletedTask, default);
        if (await Record.ExceptionAsync(() => migrating) is { } exception)
        {
            Assert.True(cut.Happened, exception.ToString());
        }
    }

    /// <summary>Fails the given one of the commands that rebuild a table, before it runs: what the file then holds is what a killed process would leave.</summary>
    private sealed class Cut(int at) : DbCommandInterceptor
    {
        public int Rebuilds { get; private set; }

        public bool Happened { get; private set; }

        public override ValueTask<InterceptionResult<int>> NonQueryExecutingAsync(
            DbCommand command, CommandEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
        {
            if (command.CommandText.Contains("ef_temp_", StringComparison.Ordinal) && ++Rebuilds == at)
            {
                Happened = true;
                throw new OperationCanceledException("Cut off.");
            }

            return ValueTask.FromResult(result);
        }
    }
}
