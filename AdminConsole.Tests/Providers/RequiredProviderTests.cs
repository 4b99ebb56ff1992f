using AdminConsole.Core.Authentication;
using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Security;
using AdminConsole.Tests.Authentication;

namespace AdminConsole.Tests.Providers;

/// <summary>Roles whose users must sign in with an identity provider.</summary>
public sealed class RequiredProviderTests
{
    private const string Path = "/api/directory/required-roles";

    private static Task<ApiResponse> PutAsync(ApiClient caller, params string[] roles) =>
        caller.SendAsync(HttpMethod.Put, Path, new RequiredProviderRoles { Roles = roles });

    private static Task<ApiResponse> LoginAsync(AdminApp app, string login, string password = TestData.Password) =>
        app.Anonymous().PostAsync("/api/auth/login", new { login, password });

    // Marks the administrator as a break-glass account, and requires a provider for these roles.
    private static async Task<ApiClient> RequireAsync(ProviderScenario scenario, params string[] roles)
    {
        var admin = await scenario.App.SignInAdminAsync();
        Assert.Null((await scenario.BreakGlassAsync(await scenario.AdministratorAsync())).Refusal);
        (await PutAsync(admin, roles)).Is(200);
        return admin;
    }

    [Theory]
    [OnBoth]
    public async Task Passwords_of_users_with_the_role_no_longer_sign_in_and_the_provider_does(DatabaseProvider database)
    {
        await using var scenario = await ProviderScenario.StartAsync(database);
        var role = await scenario.App.CreateRoleAsync("audit.read");
        var user = await scenario.CreateUserAsync(TestData.Password, "User", role);
        using var open = await scenario.App.SignInAsync(user.Email!);
        using var admin = await RequireAsync(scenario, role.ToUpperInvariant());
        var watch = await scenario.App.WatchAsync();

        (await LoginAsync(scenario.App, user.Email!)).Refuses(401, "provider_required");
        (await LoginAsync(scenario.App, user.Email!, TestData.NewPassword)).Refuses(401, "invalid_credentials");
        (await scenario.App.Anonymous().PostAsync("/api/auth/token", new { login = user.Email, password = TestData.Password })).Refuses(
            401,
            "provider_required"
        );

        await watch.OnlyRecordedAsync("auth.sign_in_failed", "auth.sign_in_failed", "auth.sign_in_failed");
        Assert.Equal("provider_required", (await scenario.FailuresAsync())[0]);
        Assert.Equal("provider_required", (await scenario.FailuresAsync())[2]);
        (await open.GetAsync("/api/auth/me")).Is(200);
        await scenario.LinkAsync(user.Id);
        (await scenario.SignedInAsync()).Dispose();
        Assert.Equal([role], (await admin.GetAsync(Path)).Is(200).As<RequiredProviderRoles>().Roles);
        var other = await scenario.App.CreateUserAsync(password: TestData.Password);
        (await LoginAsync(scenario.App, other.Email!)).Is(200);
    }

    [Theory]
    [OnBoth]
    public async Task A_passkey_does_not_sign_in_and_a_break_glass_account_is_exempt(DatabaseProvider database)
    {
        await using var scenario = await ProviderScenario.StartAsync(database);
        var role = await scenario.App.CreateRoleAsync("audit.read");
        var user = await scenario.CreateUserAsync(TestData.Password, role);
        var passkey = user.Id.ToByteArray();
        var actor = TestData.System with
        {
            UserId = user.Id,
            Name = user.Email!,
            Via = AuthenticationMethod.Session,
            AuthenticatedAt = scenario.App.Clock.GetUtcNow(),
        };
        Assert.Null((await TestPasskeys.AddAsync(scenario.App, actor, passkey)).Refusal);
        using var admin = await RequireAsync(scenario, role);

        Assert.Equal("provider_required", (await UseAsync(1)).Refusal?.Code);
        Assert.Equal(["provider_required"], await scenario.FailuresAsync());
        Assert.Null((await scenario.BreakGlassAsync(user.Id)).Refusal);

        Assert.Null((await UseAsync(2)).Refusal);
        (await LoginAsync(scenario.App, user.Email!)).Is(200);

        Task<Result<SignedIn>> UseAsync(uint count) =>
            scenario.App.RunAsync<PasskeySignIn, Result<SignedIn>>(signIn =>
                signIn.SignInAsync(
                    Actor.Anonymous(),
                    user.Id,
                    TestPasskeys.Info(passkey, count),
                    TestPasskeys.Challenge(scenario.App),
                    remember: false,
                    default
                )
            );
    }

    [Theory]
    [OnBoth]
    public async Task A_role_is_required_only_if_a_break_glass_administrator_and_a_provider_exist(DatabaseProvider database)
    {
        await using var scenario = await ProviderScenario.StartAsync(database);
        using var admin = await scenario.App.SignInAdminAsync();

        (await PutAsync(admin, "Admin")).Refuses(409, "break_glass_required");
        (await PutAsync(admin, "Nobody")).Refuses(400, "unknown_role");
        (await PutAsync(admin)).Is(200);

        Assert.Empty((await admin.GetAsync(Path)).As<RequiredProviderRoles>().Roles);
        // An ordinary break-glass account is no way in for administrators.
        var ordinary = await scenario.App.CreateUserAsync(password: TestData.Password);
        Assert.Null((await scenario.BreakGlassAsync(ordinary.Id)).Refusal);
        (await PutAsync(admin, "Admin")).Refuses(409, "break_glass_required");
        (await admin.DeleteAsync($"/api/directory/providers/{scenario.Id}")).Is(204);
        (await PutAsync(admin, "Admin")).Refuses(409, "no_provider");
    }

    [Theory]
    [OnBoth]
    public async Task The_impact_counts_the_active_users_with_the_roles_once(DatabaseProvider database)
    {
        await using var scenario = await ProviderScenario.StartAsync(database);
        var (first, second) = (await scenario.App.CreateRoleAsync("audit.read"), await scenario.App.CreateRoleAsync("users.read"));
        await scenario.App.CreateUserAsync(null, TestData.Password, first);
        var linked = await scenario.CreateUserAsync(null, first, second);
        await scenario.LinkAsync(linked.Id);
        var exempt = await scenario.App.CreateUserAsync(null, TestData.Password, second);
        Assert.Null((await scenario.BreakGlassAsync(exempt.Id)).Refusal);
        var inactive = await scenario.App.CreateUserAsync(null, null, first);
        using var admin = await scenario.App.SignInAdminAsync();
        (await admin.PostAsync($"/api/users/{inactive.Id}/deactivate")).Is(200);

        Assert.Equal(new RequiredProviderImpact(2, 1, 0, false), await ImpactAsync(first));
        Assert.Equal(new RequiredProviderImpact(3, 1, 1, false), await ImpactAsync(first, second));
        Assert.Equal(new RequiredProviderImpact(1, 1, 0, true), await ImpactAsync("Admin"));
        (await admin.GetAsync($"{Path}/impact?role=Nobody")).Refuses(400, "unknown_role");

        async Task<RequiredProviderImpact> ImpactAsync(params string[] roles) =>
            (await admin.GetAsync($"{Path}/impact?{string.Join('&', roles.Select(role => $"role={role}"))}"))
                .Is(200)
                .As<RequiredProviderImpact>();
    }

    [Theory]
    [OnBoth]
    public async Task The_last_break_glass_administrator_stays_one(DatabaseProvider database)
    {
        await using var scenario = await ProviderScenario.StartAsync(database);
        var role = await scenario.App.CreateRoleAsync("audit.read");
        var boss = await scenario.App.SignedInUserAsync("Admin");
        using var admin = await RequireAsync(scenario, role);
        var last = await scenario.AdministratorAsync();
        var watch = await scenario.App.WatchAsync();

        Assert.Equal("last_admin", (await scenario.BreakGlassAsync(last, breakGlass: false)).Refusal?.Code);
        (await boss.Caller.PostAsync($"/api/users/{last}/deactivate")).Refuses(409, "last_admin");
        (await boss.Caller.DeleteAsync($"/api/users/{last}/roles/Admin")).Refuses(409, "last_admin");
        (await boss.Caller.DeleteAsync($"/api/users/{last}")).Refuses(409, "last_admin");

        await watch.NothingHappenedAsync();
        Assert.Null((await scenario.BreakGlassAsync(boss.Id)).Refusal);
        Assert.Null((await scenario.BreakGlassAsync(last, breakGlass: false)).Refusal);
        (await boss.Caller.PostAsync($"/api/users/{last}/deactivate")).Is(200);
    }

    [Fact]
    public async Task Without_required_roles_any_account_can_stop_being_break_glass()
    {
        await using var scenario = await ProviderScenario.StartAsync();
        using var admin = await RequireAsync(scenario, "Operator");

        (await PutAsync(admin)).Is(200);

        Assert.Null((await scenario.BreakGlassAsync(await scenario.AdministratorAsync(), breakGlass: false)).Refusal);
    }

    [Theory]
    [OnBoth]
    public async Task The_settings_keep_the_roles_and_the_roles_follow_a_renamed_or_deleted_one(DatabaseProvider database)
    {
        await using var scenario = await ProviderScenario.StartAsync(database);
        var (role, renamed) = (await scenario.App.CreateRoleAsync("audit.read"), TestData.Name("Renamed"));
        using var admin = await RequireAsync(scenario, role);

        (await admin.SendAsync(HttpMethod.Put, "/api/settings", new SystemSettings { SessionSlidingHours = 3 })).Is(200);
        Assert.Equal([role], (await admin.GetAsync(Path)).As<RequiredProviderRoles>().Roles);
        Assert.Equal([role], (await admin.GetAsync("/api/settings")).As<SystemSettings>().ProviderRequiredRoles);
        var body = new
        {
            name = renamed,
            description = "",
            permissions = new[] { "audit.read" },
        };
        (await admin.SendAsync(HttpMethod.Put, $"/api/roles/{role}", body)).Is(200);

        Assert.Equal([renamed], (await admin.GetAsync(Path)).As<RequiredProviderRoles>().Roles);
        var user = await scenario.App.CreateUserAsync(null, TestData.Password, renamed);
        (await LoginAsync(scenario.App, user.Email!)).Refuses(401, "provider_required");
        (await admin.DeleteAsync($"/api/roles/{renamed}?moveTo=User")).Is(204);
        Assert.Empty((await admin.GetAsync(Path)).As<RequiredProviderRoles>().Roles);
        (await LoginAsync(scenario.App, user.Email!)).Is(200);
    }

    [Fact]
    public async Task A_password_with_its_code_does_not_sign_in_either()
    {
        await using var scenario = await ProviderScenario.StartAsync();
        var role = await scenario.App.CreateRoleAsync("audit.read");
        var person = await EnrolledUser.CreateAsync(scenario.App, role);
        using var admin = await RequireAsync(scenario, role);
        using var browser = scenario.App.Anonymous();

        (await person.SignInAsync(browser, person.Code())).Refuses(401, "provider_required");

        Assert.Empty(await scenario.MethodsAsync(person.User.Id));
    }

    [Fact]
    public async Task Changes_need_the_permission_and_a_recent_sign_in()
    {
        await using var scenario = await ProviderScenario.StartAsync();
        var reader = await scenario.App.SignedInUserAsync("Operator");
        using var admin = await scenario.App.SignInAdminAsync();

        foreach (var path in new[] { Path, $"{Path}/impact?role=User" })
        {
            (await reader.Caller.GetAsync(path)).Refuses(403, "forbidden");
        }

        (await PutAsync(reader.Caller)).Refuses(403, "forbidden");
        scenario.App.Clock.Advance(TimeSpan.FromMinutes(20));
        (await PutAsync(admin)).Refuses(403, "fresh_sign_in_required");
        (await admin.GetAsync(Path)).Is(200);
    }
}
