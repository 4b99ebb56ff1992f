using System.Net;
using System.Net.Sockets;
using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Data.Postgres;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.EndToEnd.Backups;

/// <summary>Restores that only PostgreSQL has: interrupted, to another owner, undone.</summary>
public sealed partial class BackupTests
{
    [Fact]
    public async Task After_an_interrupted_restore_on_PostgreSQL_the_server_does_not_start()
    {
        await using var database = await TestDatabase.CreateAsync(DatabaseProvider.PostgreSQL);
        await using (var app = await AdminApp.StartAsync(DatabaseProvider.PostgreSQL, database))
        {
            await app.CreateUserAsync(TestData.AdminEmail, TestData.Password, "Admin");
        }

        ClosePools();
        await PostgresTools.RenameToBackupAsync(database.ConnectionString, $"{PostgresTools.BackupSchemaPrefix}x", default);

        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => AdminApp.StartAsync(DatabaseProvider.PostgreSQL, database));

        Assert.Contains("A restore was interrupted", refused.Message, StringComparison.Ordinal);
        ClosePools();
        await PostgresTools.RestoreBackupAsync(database.ConnectionString, $"{PostgresTools.BackupSchemaPrefix}x", default);
        await using var again = await AdminApp.StartAsync(DatabaseProvider.PostgreSQL, database);
        (await again.SignInAdminAsync()).Dispose();
    }

    [Fact]
    public async Task A_backup_is_restored_for_another_owner_with_an_extension_of_the_superuser()
    {
        await using var database = await TestDatabase.CreateAsync(DatabaseProvider.PostgreSQL);
        await using (var app = await AdminApp.StartAsync(DatabaseProvider.PostgreSQL, database))
        {
            await app.CreateUserAsync(TestData.AdminEmail, TestData.Password, "Admin");
        }

        Assert.Equal(0, (await RunAsync(database, "backup", File)).Code);
        await using var other = await OwnedAsync("another_owner");
        await PostgresServer.ExecuteAsync(await PostgresServer.AsSuperuserAsync(other.ConnectionString), "CREATE EXTENSION pg_trgm");
        ClosePools();

        var restored = await RunAsync(other, "restore", File);

        Assert.True(restored.Code == 0, restored.Output);
        await using var again = await AdminApp.StartAsync(DatabaseProvider.PostgreSQL, other);
        using var admin = await again.SignInAdminAsync();
        (await admin.PostAsync("/api/users", new { email = TestData.Email() })).Is(201);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_restore_by_the_superuser_keeps_the_owner(bool isEmpty)
    {
        await using var database = await TestDatabase.CreateAsync(DatabaseProvider.PostgreSQL);
        await using (var app = await AdminApp.StartAsync(DatabaseProvider.PostgreSQL, database))
        {
            await app.CreateUserAsync(TestData.AdminEmail, TestData.Password, "Admin");
        }

        Assert.Equal(0, (await RunAsync(database, "backup", File)).Code);
        ClosePools();
        await using var empty = await TestDatabase.CreateAsync(DatabaseProvider.PostgreSQL);
        var target = isEmpty ? empty : database;
        var superuser = target with { ConnectionString = await PostgresServer.AsSuperuserAsync(target.ConnectionString) };

        var restored = await RunAsync(superuser, "restore", File);

        Assert.True(restored.Code == 0, restored.Output);
        await using var again = await AdminApp.StartAsync(DatabaseProvider.PostgreSQL, target);
        using var admin = await again.SignInAdminAsync();
        (await admin.PostAsync("/api/users", new { email = TestData.Email() })).Is(201);
    }

    [Fact]
    public async Task A_restore_is_undone()
    {
        await using var database = await TestDatabase.CreateAsync(DatabaseProvider.PostgreSQL);
        await using (var app = await AdminApp.StartAsync(DatabaseProvider.PostgreSQL, database))
        {
            await app.CreateUserAsync(TestData.AdminEmail, TestData.Password, "Admin");
            Assert.Equal(0, (await RunAsync(database, "backup", File)).Code);
            await app.CreateUserAsync("late@example.com");
        }

        ClosePools();
        Assert.Equal(1, (await RunAsync(database, "undo-restore")).Code);
        Assert.Equal(0, (await RunAsync(database, "restore", File)).Code);

        var undone = await RunAsync(database, "undo-restore");

        Assert.True(undone.Code == 0, undone.Output);
        await using var again = await AdminApp.StartAsync(DatabaseProvider.PostgreSQL, database);
        Assert.True(await again.ReadAsync(db => db.Users.AnyAsync(user => user.Email == "late@example.com")));
        using var admin = await again.SignInAdminAsync();
        (await admin.PostAsync("/api/users", new { email = TestData.Email() })).Is(201);
        Assert.Single((await admin.GetAsync("/api/users?search=ate@exa")).Is(200).As<Page<UserDetails>>().Items);
    }

    [Fact]
    public async Task A_cancelled_backup_on_PostgreSQL_ends_pg_dump()
    {
        // A database server that never answers, so that pg_dump waits for it.
        using var silence = new TcpListener(IPAddress.Loopback, 0);
        silence.Start();
        var server = $"Host=127.0.0.1;Port={((IPEndPoint)silence.LocalEndpoint).Port};Database=console;Username=console";
        using var stop = new CancellationTokenSource();
        var dumping = PostgresTools.DumpAsync(server, File, stop.Token);
        using var connection = await silence.AcceptTcpClientAsync();

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => dumping);
        // Ends only when the process has closed the connection.
        await connection.GetStream().CopyToAsync(Stream.Null);
    }

    private static async Task<TestDatabase> OwnedAsync(string owner)
    {
        var database = await TestDatabase.CreateAsync(DatabaseProvider.PostgreSQL);
        var superuser = await PostgresServer.AsSuperuserAsync(database.ConnectionString);
        await PostgresServer.CreateRoleAsync(superuser, owner);
        await PostgresServer.ExecuteAsync(
            superuser,
            $"DO $$ BEGIN EXECUTE format('ALTER DATABASE %I OWNER TO {owner}', current_database()); END $$"
        );
        return database with { ConnectionString = PostgresServer.As(owner, database.ConnectionString) };
    }
}
