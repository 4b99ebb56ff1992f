using System.Diagnostics;
using AdminConsole.Core.Changes;
using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Data;
using AdminConsole.Core.Identity.Passwords;
using AdminConsole.Core.Roles;
using AdminConsole.Core.Users;
using Microsoft.AspNetCore.Mvc.Testing;

namespace AdminConsole.Tests;

/// <summary>The real program on a real port, with a separate database and clock. As a class fixture it has a first
/// administrator (<see cref="TestData.AdminEmail"/>); <see cref="StartAsync"/> starts one with other
/// settings.</summary>
public class AdminApp(DatabaseProvider provider) : WebApplicationFactory<Program>, IAsyncLifetime
{
    // A run signs in thousands of times. A test that needs the real cost registers PasswordHashing itself.
    private static readonly Argon2Cost CheapHash = new(MemoryKib: 64, Passes: 1, Lanes: 1);

    private bool ownsDatabase = true;
    private Action<IServiceCollection>? services;

    public DatabaseProvider Provider { get; } = provider;

    public TestDatabase Database { get; private set; } = default!;

    public ManualClock Clock { get; private init; } = new();

    public CapturedLog Log { get; } = new();

    public Uri Root => ClientOptions.BaseAddress;

    protected Dictionary<string, string?> Settings { get; } =
        new() { ["RateLimits:SignInPerMinute"] = "0", ["Passwords:BreachService"] = "" };

    protected string Environment { get; private set; } = "Development";

    /// <summary>Starts the program with these settings and without users, on a new or a given database.</summary>
    public static async Task<AdminApp> StartAsync(
        DatabaseProvider provider,
        TestDatabase? database = null,
        string environment = "Development",
        ManualClock? clock = null,
        Action<IServiceCollection>? services = null,
        params (string Key, string? Value)[] settings
    )
    {
        var app = new AdminApp(provider)
        {
            Clock = clock ?? new ManualClock(),
            Environment = environment,
            ownsDatabase = database is null,
            services = services,
        };
        foreach (var (key, value) in settings)
        {
            app.Settings[key] = value;
        }

        if (environment == "Production")
        {
            app.Settings.TryAdd("PublicUrl", "https://console.example.com");
            app.Settings.TryAdd("Cookies:Secure", "false");
        }

        app.Database = database ?? await TestDatabase.CreateMigratedAsync(provider);
        try
        {
            app.Start();
            return app;
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }

    public virtual async ValueTask InitializeAsync()
    {
        Database = await TestDatabase.CreateMigratedAsync(Provider);
        Start();
        await CreateUserAsync(TestData.AdminEmail, TestData.Password, AppRole.Admin);
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        if (ownsDatabase && Database is not null)
        {
            await Database.DisposeAsync();
        }

        GC.SuppressFinalize(this);
    }

    /// <summary>Creates an anonymous client.</summary>
    public ApiClient Anonymous() => new(Root);

    /// <summary>Creates a client and signs it in.</summary>
    public async Task<ApiClient> SignInAsync(string login, string password = TestData.Password, bool remember = false)
    {
        var caller = Anonymous();
        (
            await caller.PostAsync(
                "/api/auth/login",
                new
                {
                    login,
                    password,
                    remember,
                }
            )
        ).Is(200);
        return caller;
    }

    public Task<ApiClient> SignInAdminAsync() => SignInAsync(TestData.AdminEmail);

    /// <summary>Creates a user with these roles and signs in.</summary>
    public async Task<TestUser> SignedInUserAsync(params string[] roles)
    {
        var user = await CreateUserAsync(null, TestData.Password, roles);
        return new TestUser(user, await SignInAsync(user.Email!));
    }

    /// <summary>Creates a user, without a password unless one is given, because hashing takes a while.</summary>
    public async Task<UserDetails> CreateUserAsync(string? email = null, string? password = null, params string[] roles) =>
        (
            await RunAsync<UserLifecycle, Result<UserDetails>>(users =>
                users.CreateAsync(TestData.System, TestData.User(email, password, roles), default)
            )
        ).Value;

    /// <summary>Creates a role with these permissions and returns its name.</summary>
    public async Task<string> CreateRoleAsync(params string[] permissions)
    {
        var role = AppRole.Create(TestData.Name("Role"), "Made by a test", permissions, builtIn: false, Clock.GetUtcNow());
        await RunAsync<AppDbContext, Result<Unit>>(db =>
            db.ChangeAsync<Unit>(
                TestData.System,
                null,
                change =>
                {
                    change.Record(AuditActions.RoleCreated, null);
                    db.Add(role);
                    return Task.FromResult<Result<Unit>>(default(Unit));
                },
                default
            )
        );
        return role.Name!;
    }

    /// <summary>Runs work with a service of the program in a new scope.</summary>
    public async Task<TResult> RunAsync<TService, TResult>(Func<TService, Task<TResult>> work)
        where TService : notnull
    {
        await using var scope = Services.CreateAsyncScope();
        return await work(scope.ServiceProvider.GetRequiredService<TService>());
    }

    public Task<T> ReadAsync<T>(Func<AppDbContext, Task<T>> read) => RunAsync(read);

    public Task<DatabaseSnapshot> WatchAsync() => DatabaseSnapshot.BeginAsync(this);

    /// <summary>Polls until a condition is true; fails after two minutes.</summary>
    public static async Task UntilAsync(Func<Task<bool>> condition, string what)
    {
        var started = Stopwatch.StartNew();
        while (!await condition())
        {
            Assert.True(started.Elapsed < TimeSpan.FromMinutes(2), $"Not true after two minutes: {what}.");
            await Task.Delay(20);
        }
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseEnvironment(Environment);
        builder.UseSetting("DataDirectory", Database.Folder);
        builder.UseSetting("Database:Provider", Provider.ToString());
        builder.UseSetting("ConnectionStrings:Console", Database.ConnectionString);
        foreach (var (key, value) in Settings)
        {
            builder.UseSetting(key, value);
        }

        builder.ConfigureLogging(logging => logging.ClearProviders().AddProvider(Log));
        builder.ConfigureServices(own =>
        {
            own.AddSingleton<TimeProvider>(Clock);
            own.AddSingleton(provider => new PasswordHashing(
                provider.GetRequiredService<ILogger<PasswordHashing>>(),
                Argon2Library.Fastest,
                CheapHash
            ));
            services?.Invoke(own);
        });
    }

    private void Start()
    {
        UseKestrel(0);
        StartServer();
    }
}

/// <summary>A user and a client that is signed in as that user.</summary>
public sealed record TestUser(UserDetails User, ApiClient Caller)
{
    public Guid Id => User.Id;

    public string Email => User.Email!;
}

public sealed class SqliteApp() : AdminApp(DatabaseProvider.Sqlite);

public sealed class PostgresApp() : AdminApp(DatabaseProvider.PostgreSQL);
