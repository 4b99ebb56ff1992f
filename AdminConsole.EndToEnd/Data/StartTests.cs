using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.EndToEnd.Data;

public sealed class StartTests
{
    [Theory, OnBoth]
    public async Task Three_hosts_that_start_concurrently_on_an_empty_database_all_run(DatabaseProvider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);

        var apps = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Task.Run(() => AdminApp.StartAsync(provider, database))));

        Assert.Equal(3, await apps[0].ReadAsync(db => db.Roles.CountAsync()));
        Assert.Equal(1, await apps[0].ReadAsync(db => db.AuditHeads.CountAsync()));
        Assert.Equal(
            ["audit-head", "codes", "outbox"],
            await apps[0].ReadAsync(db => db.ServerSecrets.Select(secret => secret.Name).OrderBy(name => name).ToListAsync())
        );
        await apps[0].CreateUserAsync(TestData.AdminEmail, TestData.Password, "Admin");
        foreach (var app in apps)
        {
            using var caller = await app.SignInAdminAsync();
            Assert.True((await caller.GetAsync("/api/audit/verify")).Is(200).As<AuditVerification>().Valid);
            await app.DisposeAsync();
        }
    }

    [Fact]
    public async Task Three_processes_that_start_concurrently_on_an_empty_database_create_one_administrator()
    {
        await using var database = await TestDatabase.CreateAsync(DatabaseProvider.PostgreSQL);
        (string, string)[] settings =
        [
            ("Database:Provider", "PostgreSQL"),
            ("ConnectionStrings:Console", database.ConnectionString),
            ("Bootstrap:Email", "boot@example.com"),
            ("Bootstrap:Password", TestData.Password),
        ];
        using var first = ServerProcess.Start(database.Folder, settings);
        using var second = ServerProcess.Start(database.Folder, settings);
        using var third = ServerProcess.Start(database.Folder, settings);

        foreach (var node in await Task.WhenAll(first.ListeningAsync(), second.ListeningAsync(), third.ListeningAsync()))
        {
            using var caller = new ApiClient(node);
            (await caller.PostAsync("/api/auth/login", new { login = "boot@example.com", password = TestData.Password })).Is(200);
        }

        Assert.Equal(
            ["1 | 3 | 1"],
            await database.QueryAsync(
                """SELECT (SELECT count(*) FROM "Users"), (SELECT count(*) FROM "Roles"), (SELECT count(*) FROM "AuditHeads")"""
            )
        );
        Assert.Equal(["1"], await database.QueryAsync("""SELECT count(*) FROM "AuditEvents" WHERE "Action" = 'user.created'"""));
    }

    [Theory, OnBoth]
    public async Task A_session_survives_a_restart(DatabaseProvider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        string key;
        await using (var first = await AdminApp.StartAsync(provider, database))
        {
            await first.CreateUserAsync(TestData.AdminEmail, TestData.Password, "Admin");
            using var caller = await first.SignInAdminAsync();
            key = caller.SessionCookie!;
        }

        await using var second = await AdminApp.StartAsync(provider, database);

        using var again = second.Anonymous();
        (await again.GetAsync("/api/audit/verify", ("Cookie", $"AdminConsole={key}"))).Is(200);
    }

    [Fact]
    public async Task A_lock_row_of_a_killed_start_does_not_block_the_next()
    {
        await using var database = await TestDatabase.CreateAsync(DatabaseProvider.Sqlite);
        await database.ExecuteAsync(
            """
            CREATE TABLE "__EFMigrationsLock" (
                "Id" INTEGER NOT NULL CONSTRAINT "PK___EFMigrationsLock" PRIMARY KEY,
                "Timestamp" TEXT NOT NULL
            );
            INSERT INTO "__EFMigrationsLock" VALUES (1, '2026-01-01 00:00:00');
            """
        );

        await using var app = await AdminApp.StartAsync(DatabaseProvider.Sqlite, database);

        Assert.Equal(3, await app.ReadAsync(db => db.Roles.CountAsync()));
    }

    [Fact]
    public async Task A_missing_data_directory_is_created()
    {
        await using var database = await TestDatabase.CreateAsync(DatabaseProvider.Sqlite);
        var folder = Path.Combine(database.Folder, "deeper", "still");

        await using var app = await AdminApp.StartAsync(
            DatabaseProvider.Sqlite,
            database,
            settings: [("DataDirectory", folder), ("ConnectionStrings:Console", null)]
        );

        Assert.True(File.Exists(Path.Combine(folder, "console.db")));
    }
}
