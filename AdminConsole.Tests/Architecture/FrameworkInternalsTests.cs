using System.Security.Claims;
using AdminConsole.Core.Common;
using AdminConsole.Core.Data;
using AdminConsole.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.EntityFrameworkCore.Migrations.Operations;

namespace AdminConsole.Tests.Architecture;

/// <summary>One test for each reliance on framework internals in docs/internals.md, named after it, which fails when
/// .NET changes it.</summary>
public sealed class FrameworkInternalsTests(SqliteApp app) : IClassFixture<SqliteApp>
{
    [Fact]
    public async Task The_branch_for_bearer_tokens_finds_the_routes_of_the_application()
    {
        using var caller = app.Anonymous();

        var answer = await caller.GetAsync("/api/auth/setup-required", ("Authorization", "Bearer nonsense"));

        answer.Is(200);
    }

    [Fact]
    public async Task The_user_of_a_request_with_a_bearer_token_is_its_owner()
    {
        await using var observed = new ObservedApp();
        await observed.InitializeAsync();
        using var admin = await observed.SignInAdminAsync();
        var me = (await admin.GetAsync("/api/auth/me")).Is(200);
        var token = (await admin.PostAsync("/api/tokens", new { name = "script", scopes = new[] { "users.read" } }))
            .Is(201)
            .Json.GetProperty("token")
            .GetString();
        using var script = observed.Anonymous();

        foreach (var path in new[] { "/api/auth/me", "/api/users", "/api/auth/me" })
        {
            (await script.GetAsync(path, ("Authorization", $"Bearer {token}"))).Is(200);

            Assert.Equal(me.Json.GetProperty("id").GetString(), observed.LastUser!.FindFirstValue(ClaimTypes.NameIdentifier));
        }
    }

    [Fact]
    public async Task The_lock_table_of_migrations_on_SQLite_has_the_expected_shape()
    {
        await using var database = await TestDatabase.CreateAsync(DatabaseProvider.Sqlite);
        await using var db = new DbContext(new DbContextOptionsBuilder().UseSqlite(database.ConnectionString).Options);

        await using (await db.GetService<IHistoryRepository>().AcquireDatabaseLockAsync())
        {
            Assert.Equal(
                ["Id | INTEGER", "Timestamp | TEXT"],
                await database.QueryAsync("SELECT name, type FROM pragma_table_info('__EFMigrationsLock') ORDER BY cid")
            );
            Assert.Equal(["1"], await database.QueryAsync("SELECT count(*) FROM \"__EFMigrationsLock\""));
        }
    }

    [Fact]
    public void A_rebuilt_table_on_SQLite_suppresses_the_transaction_only_for_foreign_keys()
    {
        using var db = new DbContext(new DbContextOptionsBuilder().UseSqlite("Data Source=:memory:").Options);
        var model = new ModelBuilder();
        model.Entity(
            "Thing",
            thing =>
            {
                thing.Property<int>("Id");
                thing.Property<string>("Name");
            }
        );
        var operation = new AlterColumnOperation
        {
            Table = "Thing",
            Name = "Name",
            ClrType = typeof(string),
            IsNullable = false,
        };
        operation.OldColumn.ClrType = typeof(string);
        operation.OldColumn.IsNullable = true;
        var final = db.GetService<IModelRuntimeInitializer>().Initialize((IModel)model.FinalizeModel(), designTime: true);

        var commands = db.GetService<IMigrationsSqlGenerator>().Generate([operation], final);

        var outside = commands.Where(command => command.TransactionSuppressed).Select(command => command.CommandText.Trim()).ToList();
        Assert.Equal(["PRAGMA foreign_keys = 0;", "PRAGMA foreign_keys = 1;"], outside);
    }

    [Theory, OnBoth]
    public async Task Every_kind_of_statement_that_writes_is_recognised(DatabaseProvider provider)
    {
        await using var other = await AdminApp.StartAsync(provider);
        Func<AppDbContext, Task<int>>[] writes =
        [
            db => db.Users.ExecuteDeleteAsync(),
            db => db.Users.ExecuteUpdateAsync(set => set.SetProperty(user => user.AccessFailedCount, 0)),
            db => db.Database.ExecuteSqlAsync($"INSERT INTO \"AuditHeads\" SELECT * FROM \"AuditHeads\""),
            db => db.Database.ExecuteSqlAsync($"/* harmless */ DELETE FROM \"Users\""),
            db => db.Database.ExecuteSqlAsync($"WITH nobody AS (SELECT 1) UPDATE \"Users\" SET \"AccessFailedCount\" = 0"),
        ];

        foreach (var write in writes)
        {
            await Assert.ThrowsAsync<InvalidOperationException>(() => other.ReadAsync(write));
        }
    }

    [Fact]
    public async Task The_messages_of_request_binding_have_the_expected_form()
    {
        using var admin = await app.SignInAdminAsync();
        var options = new RequestDelegateFactoryOptions { ServiceProvider = app.Services, ThrowOnBadRequest = true };
        var bind = RequestDelegateFactory.Create((int limit) => limit, options).RequestDelegate;
        var unreadable = new DefaultHttpContext { RequestServices = app.Services };
        unreadable.Request.QueryString = new QueryString("?limit=abc");

        var refused = await Assert.ThrowsAsync<BadHttpRequestException>(() => bind(unreadable));
        var withoutBody = (await admin.PostAsync("/api/users", "")).Refuses(400, "invalid_request");

        Assert.Equal("Failed to bind parameter limit from \"abc\".", Problems.Named(refused.Message));
        Assert.Equal("This request needs a body.", withoutBody.Json.GetProperty("detail").GetString());
    }

    private sealed class ObservedApp() : AdminApp(DatabaseProvider.Sqlite)
    {
        public ClaimsPrincipal? LastUser { get; private set; }

        protected override void ConfigureWebHost(IWebHostBuilder builder)
        {
            base.ConfigureWebHost(builder);
            builder.ConfigureServices(services => services.AddSingleton<IStartupFilter>(new Observer(this)));
        }

        private sealed class Observer(ObservedApp app) : IStartupFilter
        {
            public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) =>
                builder =>
                {
                    builder.Use(
                        async (context, rest) =>
                        {
                            await rest(context);
                            app.LastUser = context.User;
                        }
                    );
                    next(builder);
                };
        }
    }
}
