using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Data.Postgres;
using AdminConsole.Tests.Audit;
using AdminConsole.Tests.Upgrade;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace AdminConsole.EndToEnd.Backups;

/// <summary>The backup and restore commands on real databases, beside a running server.</summary>
public sealed partial class BackupTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("adminconsole-backup-").FullName;

    private string File => Path.Combine(folder, "backup");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private static (string Key, string Value)[] On(TestDatabase database) =>
        [("Database:Provider", database.Provider.ToString()), ("ConnectionStrings:Console", database.ConnectionString)];

    private Task<(int Code, string Output)> RunAsync(TestDatabase database, params string[] command) =>
        ServerProcess.RunAsync(folder, command, On(database));

    // An app that has stopped leaves its connections in the pools of this process.
    private static void ClosePools()
    {
        SqliteConnection.ClearAllPools();
        NpgsqlConnection.ClearAllPools();
    }

    [Theory, OnBoth]
    public async Task A_backup_during_writes_is_consistent_and_verifies_after_a_restore(DatabaseProvider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        await using var other = await TestDatabase.CreateAsync(provider);
        await using var app = await AdminApp.StartAsync(provider, database);
        await app.CreateUserAsync(TestData.AdminEmail, TestData.Password, "Admin");
        using var done = new CancellationTokenSource();
        var writers = Enumerable
            .Range(0, 8)
            .Select(_ =>
                Task.Run(async () =>
                {
                    while (!done.IsCancellationRequested)
                    {
                        await app.CreateUserAsync();
                    }
                })
            )
            .ToList();

        var backup = await RunAsync(database, "backup", File);
        await done.CancelAsync();
        await Task.WhenAll(writers);
        var restored = await RunAsync(other, "restore", File);

        Assert.True((backup.Code, restored.Code) == (0, 0), backup.Output + restored.Output);
        await using var again = await AdminApp.StartAsync(provider, other);
        Assert.Equal(
            await again.ReadAsync(db => db.AuditEvents.CountAsync(entry => entry.Action == "user.created")),
            await again.ReadAsync(db => db.Users.CountAsync())
        );
        using var admin = await again.SignInAdminAsync();
        Assert.True((await admin.GetAsync("/api/audit/verify")).Is(200).As<AuditVerification>().Valid);
        Assert.Contains(
            await app.ReadAsync(db => db.AuditEvents.Select(entry => entry.Action).ToListAsync()),
            action => action == "backup.created"
        );
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, global::System.IO.File.GetUnixFileMode(File));
        }
    }

    [Theory, OnBoth]
    public async Task A_restore_ends_sessions_and_tokens_and_removes_later_data(DatabaseProvider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        string session;
        string token;
        await using (var app = await AdminApp.StartAsync(provider, database))
        {
            await app.CreateUserAsync(TestData.AdminEmail, TestData.Password, "Admin");
            using var admin = await app.SignInAdminAsync();
            token = (await admin.PostAsync("/api/tokens", new { name = "robot", scopes = new[] { "users.read" } }))
                .Is(201)
                .Json.GetProperty("token")
                .GetString()!;
            session = $"AdminConsole={admin.SessionCookie}";
            Assert.Equal(0, (await RunAsync(database, "backup", File)).Code);
            await app.CreateUserAsync("late@example.com");
        }

        ClosePools();
        var restored = await RunAsync(database, "restore", File);

        Assert.True(restored.Code == 0, restored.Output);
        await using var again = await AdminApp.StartAsync(provider, database);
        using var anonymous = again.Anonymous();
        (await anonymous.GetAsync("/api/auth/me", ("Cookie", session))).Refuses(401, "unauthenticated");
        (await anonymous.GetAsync("/api/users", ("Authorization", $"Bearer {token}"))).Refuses(401, "unauthenticated");
        using var back = await again.SignInAdminAsync();
        Assert.Empty((await back.GetAsync("/api/users?search=late@example.com")).Is(200).As<Page<UserDetails>>().Items);
    }

    [Fact]
    public async Task With_keep_tokens_tokens_stay_valid_and_the_old_database_is_kept()
    {
        await using var database = await TestDatabase.CreateAsync(DatabaseProvider.Sqlite);
        string token;
        await using (var app = await AdminApp.StartAsync(DatabaseProvider.Sqlite, database))
        {
            await app.CreateUserAsync(TestData.AdminEmail, TestData.Password, "Admin");
            using var admin = await app.SignInAdminAsync();
            token = (await admin.PostAsync("/api/tokens", new { name = "robot", scopes = new[] { "users.read" } }))
                .Is(201)
                .Json.GetProperty("token")
                .GetString()!;
            Assert.Equal(0, (await RunAsync(database, "backup", File)).Code);
        }

        ClosePools();
        var restored = await RunAsync(database, "restore", File, "--keep-tokens");

        Assert.True(restored.Code == 0, restored.Output);
        Assert.Contains(
            Directory.EnumerateFiles(database.Folder),
            file => file.Contains("console.db.before-restore-", StringComparison.Ordinal)
        );
        await using var again = await AdminApp.StartAsync(DatabaseProvider.Sqlite, database);
        using var anonymous = again.Anonymous();
        (await anonymous.GetAsync("/api/users", ("Authorization", $"Bearer {token}"))).Is(200);
    }

    [Theory, OnBoth]
    public async Task An_impossible_command_is_reported_and_changes_nothing(DatabaseProvider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        await using var app = await AdminApp.StartAsync(provider, database);
        await global::System.IO.File.WriteAllTextAsync(Path.Combine(folder, "taken"), "mine");
        var watch = await app.WatchAsync();

        var answers = new[]
        {
            await RunAsync(database, "backup"),
            await RunAsync(database, "backup", Path.Combine(folder, "taken")),
            await RunAsync(database, "backup", Path.Combine(folder, "none", "b")),
            await RunAsync(database, "restore"),
            await RunAsync(database, "restore", Path.Combine(folder, "nothing")),
            await RunAsync(database, "restore", Path.Combine(folder, "taken")),
        };

        Assert.Equal([2, 1, 1, 2, 1, 1], answers.Select(answer => answer.Code));
        Assert.Contains("already exists", answers[1].Output, StringComparison.Ordinal);
        Assert.Contains("no folder", answers[2].Output, StringComparison.Ordinal);
        Assert.Contains("no file", answers[4].Output, StringComparison.Ordinal);
        Assert.Contains("first", answers[5].Output, StringComparison.Ordinal);
        Assert.Equal("mine", await global::System.IO.File.ReadAllTextAsync(Path.Combine(folder, "taken")));
        await watch.NothingHappenedAsync();
    }

    [Theory, OnBoth]
    public async Task A_file_that_is_no_backup_is_not_restored(DatabaseProvider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        await using (var app = await AdminApp.StartAsync(provider, database))
        {
            await app.CreateUserAsync("ana@example.com");
        }

        ClosePools();
        await global::System.IO.File.WriteAllTextAsync(File, "no database at all, but long enough to look at".PadRight(4096, '.'));

        await IsNotRestoredAsync(database, "ana@example.com");
    }

    [Theory, OnBoth]
    public async Task A_backup_with_an_altered_log_is_not_restored(DatabaseProvider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        await using (var altered = await AdminApp.StartAsync(provider, database))
        {
            await altered.CreateUserAsync("old@example.com");
        }

        ClosePools();
        await Tampering.DropTriggersAsync(database);
        await database.ExecuteAsync("UPDATE \"AuditEvents\" SET \"Action\" = 'user.deleted' WHERE \"Id\" = 1");
        // On SQLite the copy is verified immediately, so that the command fails.
        Assert.Equal(provider == DatabaseProvider.Sqlite ? 1 : 0, (await RunAsync(database, "backup", File)).Code);
        await using (var app = await AdminApp.StartAsync(provider, database))
        {
            await app.CreateUserAsync("late@example.com");
        }

        ClosePools();

        await IsNotRestoredAsync(database, "late@example.com", "old@example.com");
    }

    [Theory, OnBoth]
    public async Task A_backup_of_an_older_version_is_upgraded(DatabaseProvider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        await using var old = await KeptDatabase.RestoreAsync(KeptDatabase.Versions.First(), provider);
        await using (await AdminApp.StartAsync(provider, database)) { }

        ClosePools();
        // Uses the database's own tools, because the backup command would migrate first.
        await CopyAsync(old);

        var restored = await RunAsync(database, "restore", File);

        Assert.True(restored.Code == 0, restored.Output);
        await using var again = await AdminApp.StartAsync(provider, database);
        using var admin = await again.SignInAdminAsync();
        (await admin.GetAsync("/api/devices")).Is(200);
    }

    // Asserts that the database is unchanged and that no temporary file is left.
    private async Task IsNotRestoredAsync(TestDatabase database, params string[] emails)
    {
        var restored = await RunAsync(database, "restore", File);

        Assert.Equal(1, restored.Code);
        Assert.Contains("Not restored", restored.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(Directory.EnumerateFiles(database.Folder), file => file.Contains("restor", StringComparison.Ordinal));
        Assert.Equal([File], Directory.EnumerateFiles(folder, "backup*"));
        await using var again = await AdminApp.StartAsync(database.Provider, database);
        Assert.Equal(emails, await again.ReadAsync(db => db.Users.Select(user => user.Email!).OrderBy(email => email).ToArrayAsync()));
    }

    private async Task CopyAsync(TestDatabase database)
    {
        if (database.Provider == DatabaseProvider.Sqlite)
        {
            await database.ExecuteAsync($"VACUUM INTO '{File}'");
        }
        else
        {
            Assert.Null(await PostgresTools.DumpAsync(database.ConnectionString, File, default));
        }
    }
}
