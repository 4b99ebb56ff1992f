using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Providers;

namespace AdminConsole.Tests.Providers;

/// <summary>Signing in with OpenIddict, unmodified.</summary>
public sealed class OpenIddictTests
{
    [Theory]
    [OnBoth]
    public async Task A_new_user_signs_in_and_gets_the_role_of_a_group(DatabaseProvider database)
    {
        await using var provider = await OpenIddictProvider.StartAsync();
        await using var app = await AdminApp.StartAsync(database);
        await app.CreateUserAsync(TestData.AdminEmail, TestData.Password, "Admin");
        var role = await app.CreateRoleAsync("audit.read");
        var request = ProviderScenario.Request(provider.Issuer) with { Admission = Admissions.Domains };
        var added = await ProviderScenario.AddAsync(app, request);
        var rules = new GroupRules { Rules = [new GroupRule("auditors", role)] };
        Assert.Null(
            (
                await app.RunAsync<ProviderRules, Result<GroupRules>>(own => own.ReplaceAsync(TestData.System, added.Id, rules, default))
            ).Refusal
        );
        using var browser = app.Anonymous();

        var answer = await ProviderScenario.FollowAsync(browser, provider.Issuer, added.Id);

        Assert.Equal("/", answer.Location);
        var me = (await browser.GetAsync("/api/auth/me")).Is(200).As<Me>();
        Assert.Equal((OpenIddictProvider.Email, "Olga Example"), (me.Email, me.DisplayName));
        Assert.Contains(role, me.Roles);
    }
}
