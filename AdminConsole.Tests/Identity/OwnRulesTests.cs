using System.Text;
using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Identity;
using AdminConsole.Core.Roles;
using AdminConsole.Core.Users;
using Microsoft.AspNetCore.Identity;

namespace AdminConsole.Tests.Identity;

/// <summary>The example rules of CONTRIBUTING.md, registered as Identity's documentation describes.</summary>
public sealed class OwnRulesTests
{
    [Theory]
    [OnBoth]
    public async Task Rules_added_by_the_ordinary_calls_are_applied_beside_the_built_in_ones(DatabaseProvider provider)
    {
        await using var app = await AdminApp.StartAsync(
            provider,
            services: services =>
            {
                services.AddScoped<IPasswordValidator<AppUser>, NoCompanyName>();
                services.AddScoped<IUserValidator<AppUser>, CompanyAddressesOnly>();
            }
        );
        (await app.Anonymous().PostAsync("/api/auth/setup", new { email = "root@acme.example", password = TestData.Password })).Is(200);
        using var admin = await app.SignInAsync("root@acme.example");

        var weak = await admin.PostAsync("/api/users", new { email = "a@acme.example", password = "my acme lantern 77 harbor" });
        weak.Refuses(400, "validation_failed");
        Assert.Equal("Don't use the company's name.", weak.Json.GetProperty("errors").GetProperty("password")[0].GetString());
        var foreign = await admin.PostAsync("/api/users", new { email = "a@elsewhere.example" });
        foreign.Refuses(400, "validation_failed");
        Assert.Equal("Use an address of the company.", foreign.Json.GetProperty("errors").GetProperty("email")[0].GetString());
        (await admin.PostAsync("/api/users", new { email = "a@acme.example", password = TestData.NewPassword })).Is(201);
    }

    [Fact]
    public async Task An_extension_is_loaded_from_its_file_with_its_packages()
    {
        var bin = new DirectoryInfo(AppContext.BaseDirectory);
        var file = Path.Combine(bin.FullName, "../../../SampleExtension/bin", bin.Parent!.Name, bin.Name, "SampleExtension.dll");
        await using var app = await AdminApp.StartAsync(DatabaseProvider.Sqlite, settings: ("Extensions", file));

        var weak = await app.Anonymous()
            .PostAsync("/api/auth/setup", new { email = "root@acme.example", password = "my acme lantern 77 harbor" });

        weak.Refuses(400, "validation_failed");
        Assert.Equal("Don't use the company's name.", weak.Json.GetProperty("errors").GetProperty("password")[0].GetString());
        (await app.Anonymous().PostAsync("/api/auth/setup", new { email = "root@acme.example", password = TestData.Password })).Is(200);
        Assert.Contains("Continue with Company account", (await app.Anonymous().GetAsync("/login")).Text, StringComparison.Ordinal);
        // No provider responds at that address, which the sign-in page reports.
        Assert.EndsWith("reason=provider-failed", (await app.Anonymous().GetAsync("/external/Company")).Location, StringComparison.Ordinal);
    }

    [Theory]
    [OnBoth]
    public async Task A_rule_added_later_restricts_existing_users_only_when_renamed(DatabaseProvider provider)
    {
        await using var database = await TestDatabase.CreateMigratedAsync(provider);
        UserDetails user;
        await using (var before = await AdminApp.StartAsync(provider, database))
        {
            await before.CreateUserAsync(TestData.AdminEmail, TestData.Password, AppRole.Admin);
            user = await before.CreateUserAsync("ana@elsewhere.example", TestData.Password);
        }

        await using var app = await AdminApp.StartAsync(
            provider,
            database,
            services: services => services.AddScoped<IUserValidator<AppUser>, CompanyAddressesOnly>()
        );
        using var admin = await app.SignInAdminAsync();

        (await admin.PostAsync($"/api/users/{user.Id}/set-password", new { password = TestData.NewPassword })).Is(204);
        (await admin.PutAsync($"/api/users/{user.Id}/roles/{AppRole.Operator}")).Is(200);
        (await admin.PatchAsync($"/api/users/{user.Id}", new { email = "ana@other.example" })).Refuses(400, "validation_failed");
        (await admin.PatchAsync($"/api/users/{user.Id}", new { email = "ana@acme.example" })).Is(200);
    }

    [Fact]
    public async Task Without_added_rules_no_default_rule_of_Identity_applies()
    {
        await using var app = await AdminApp.StartAsync(DatabaseProvider.Sqlite);
        await using var scope = app.Services.CreateAsyncScope();

        Assert.IsType<UserRules>(Assert.Single(scope.ServiceProvider.GetServices<IUserValidator<AppUser>>()));
        Assert.IsType<RoleRules>(Assert.Single(scope.ServiceProvider.GetServices<IRoleValidator<AppRole>>()));
        Assert.Equal(
            [typeof(PasswordPolicyRule), typeof(PasswordStrengthRule), typeof(BreachedPasswordRule)],
            scope.ServiceProvider.GetServices<IPasswordValidator<AppUser>>().Select(rule => rule.GetType())
        );
    }

    [Theory]
    [OnBoth]
    public async Task An_import_applies_added_rules_too(DatabaseProvider provider)
    {
        await using var app = await AdminApp.StartAsync(
            provider,
            services: services => services.AddScoped<IUserValidator<AppUser>, CompanyAddressesOnly>()
        );
        (await app.Anonymous().PostAsync("/api/auth/setup", new { email = "root@acme.example", password = TestData.Password })).Is(200);
        using var admin = await app.SignInAsync("root@acme.example");

        var refused = await ImportAsync(admin, "email\na@acme.example\nb@elsewhere.example\n");
        var accepted = await ImportAsync(admin, "email,displayName\na@acme.example,Ana\nroot@acme.example,Root\n");

        refused.Refuses(400, "import_failed");
        var row = Assert.Single(refused.Json.GetProperty("rows").EnumerateArray());
        Assert.Equal((3, "Use an address of the company."), (row.GetProperty("row").GetInt32(), row.GetProperty("message").GetString()));
        accepted.Is(200);
    }

    private static Task<ApiResponse> ImportAsync(ApiClient caller, string csv) =>
        caller.PostAsync("/api/users/import", new StringContent(csv, Encoding.UTF8, "text/csv"));

    private sealed class NoCompanyName : IPasswordValidator<AppUser>
    {
        public Task<IdentityResult> ValidateAsync(UserManager<AppUser> manager, AppUser user, string? password) =>
            Task.FromResult(
                password?.Contains("acme", StringComparison.OrdinalIgnoreCase) == true
                    ? IdentityResult.Failed(new IdentityError { Code = "CompanyName", Description = "Don't use the company's name." })
                    : IdentityResult.Success
            );
    }

    private sealed class CompanyAddressesOnly : IUserValidator<AppUser>
    {
        public Task<IdentityResult> ValidateAsync(UserManager<AppUser> manager, AppUser user) =>
            Task.FromResult(
                user.Email?.EndsWith("@acme.example", StringComparison.OrdinalIgnoreCase) != true
                    ? IdentityResult.Failed(new IdentityError { Code = "ForeignAddress", Description = "Use an address of the company." })
                    : IdentityResult.Success
            );
    }
}
