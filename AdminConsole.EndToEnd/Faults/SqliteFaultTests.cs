using System.Buffers.Binary;
using System.Data.Common;
using System.Globalization;
using AdminConsole.Core.Common;
using Microsoft.Data.Sqlite;

namespace AdminConsole.EndToEnd.Faults;

/// <summary>Faults of SQLite's database file.</summary>
public sealed class SqliteFaultTests
{
    [Fact]
    public async Task While_another_program_locks_the_file_reads_continue_and_changes_are_refused()
    {
        await using var app = new SqliteApp();
        await app.InitializeAsync();
        using var admin = await app.SignInAdminAsync();
        await using var other = await app.Database.OpenAsync();
        await ExecuteAsync(other, "BEGIN IMMEDIATE");
        var watch = await app.WatchAsync();

        var change = admin.PostAsync("/api/users", new { email = TestData.Email() });
        (await admin.GetAsync("/api/users")).Is(200);
        var refused = (await change).Refuses(503, "unavailable");

        Assert.Equal("5", Assert.Single(refused.Headers["Retry-After"]));
        await watch.NothingHappenedAsync();
        await ExecuteAsync(other, "ROLLBACK");
        (await admin.PostAsync("/api/users", new { email = TestData.Email() })).Is(201);
    }

    [Fact]
    public async Task A_damaged_page_is_reported_and_other_requests_continue()
    {
        await using var database = await PreparedAsync();
        await DamageAsync(database, $"SELECT {await ThirdLeafAsync(database, "AuditEvents")}");

        await using var app = await AdminApp.StartAsync(DatabaseProvider.Sqlite, database);
        using var admin = await app.SignInAdminAsync();

        var refused = (await admin.GetAsync("/api/audit/verify")).Refuses(503, "unavailable");
        Assert.Contains("damaged", refused.Text, StringComparison.Ordinal);
        Assert.Contains(app.Log.Errors, line => line.Contains("damaged", StringComparison.Ordinal));
        (await admin.PostAsync("/api/users", new { email = TestData.Email() })).Is(201);
        (await admin.GetAsync("/health/live")).Is(200);
    }

    [Theory]
    [InlineData("SELECT rootpage FROM sqlite_master WHERE name = 'Roles'", "", "damaged")]
    [InlineData("SELECT 1", "", "damaged")]
    [InlineData(null, ";Mode=ReadOnly", "can only be read")]
    public async Task A_start_on_an_unusable_file_ends_with_a_message(string? damagedPage, string options, string expected)
    {
        await using var database = await PreparedAsync();
        if (damagedPage is not null)
        {
            await DamageAsync(database, damagedPage);
        }

        var (code, output) = await ServerProcess.RunAsync(
            database.Folder,
            [],
            ("ConnectionStrings:Console", database.ConnectionString + options)
        );

        Assert.Equal(1, code);
        Assert.Contains(
            $"The database {(expected == "damaged" ? "is damaged: restore a backup" : expected)}",
            output,
            StringComparison.Ordinal
        );
        Assert.DoesNotContain("Unhandled exception", output, StringComparison.Ordinal);
    }

    private static async Task<TestDatabase> PreparedAsync()
    {
        var database = await TestDatabase.CreateAsync(DatabaseProvider.Sqlite);
        await using (var app = await AdminApp.StartAsync(DatabaseProvider.Sqlite, database))
        {
            await app.CreateUserAsync(TestData.AdminEmail, TestData.Password, "Admin");
            for (var user = 0; user < 100; user++)
            {
                await app.CreateUserAsync();
            }
        }

        await database.ExecuteAsync("PRAGMA wal_checkpoint(TRUNCATE)");
        return database;
    }

    // The root of a larger table is an interior page: a header of 12 bytes, then the cell offsets. A cell begins with
    // its page number.
    private static async Task<int> ThirdLeafAsync(TestDatabase database, string table)
    {
        var root = int.Parse(
            (await database.QueryAsync($"SELECT rootpage FROM sqlite_master WHERE name = '{table}'")).Single(),
            CultureInfo.InvariantCulture
        );
        var size = int.Parse((await database.QueryAsync("PRAGMA page_size")).Single(), CultureInfo.InvariantCulture);
        SqliteConnection.ClearAllPools();
        var file = await File.ReadAllBytesAsync(new SqliteConnectionStringBuilder(database.ConnectionString).DataSource);
        var page = file.AsMemory((root - 1) * size, size);
        Assert.Equal(5, page.Span[0]);
        var cell = BinaryPrimitives.ReadUInt16BigEndian(page.Span[(12 + (2 * 2))..]);
        return BinaryPrimitives.ReadInt32BigEndian(page.Span[cell..]);
    }

    private static async Task DamageAsync(TestDatabase database, string page)
    {
        var number = int.Parse((await database.QueryAsync(page)).Single(), CultureInfo.InvariantCulture);
        var size = int.Parse((await database.QueryAsync("PRAGMA page_size")).Single(), CultureInfo.InvariantCulture);
        SqliteConnection.ClearAllPools();
        await using var file = File.OpenWrite(new SqliteConnectionStringBuilder(database.ConnectionString).DataSource);
        file.Position = (number - 1L) * size;
        await file.WriteAsync(Enumerable.Repeat((byte)0xA5, size).ToArray());
    }

    private static async Task ExecuteAsync(DbConnection connection, string sql)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync();
    }
}
