using System.Text.Json;
using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Tests.Providers;

/// <summary>The rules that give roles to the members of a provider's groups.</summary>
public sealed class ProviderRulesTests
{
    private static Task<ApiResponse> PutAsync(ApiClient caller, ProviderScenario scenario, GroupRules rules) =>
        caller.SendAsync(HttpMethod.Put, $"/api/directory/providers/{scenario.Id}/rules", rules);

    private static GroupRules Rules(string mode, params GroupRule[] rules) => new() { Mode = mode, Rules = rules };

    [Theory]
    [OnBoth]
    public async Task A_rule_gives_its_role_at_the_next_sign_in_and_the_event_names_it(DatabaseProvider database)
    {
        await using var scenario = await ProviderScenario.StartAsync(database);
        var role = await scenario.App.CreateRoleAsync("audit.read");
        await scenario.RuleAsync("adds", ("auditors", role), ("others", "Operator"));
        var user = await scenario.CreateUserAsync();
        scenario.Provider.Name = user.DisplayName;
        scenario.Provider.Groups = ["staff", "auditors"];
        var watch = await scenario.App.WatchAsync();

        using var browser = await scenario.SignedInAsync();

        await watch.RecordedAsync("user.linked", "user.role_added", "auth.signed_in");
        var added = (await scenario.DetailsOfAsync("user.role_added"))[^1];
        Assert.Equal(role, added.GetProperty("role").GetString());
        var rule = added.GetProperty("rule");
        Assert.Equal(("Acme", "auditors"), (rule.GetProperty("provider").GetString(), rule.GetProperty("group").GetString()));
        Assert.Equal(new[] { role, "User" }.Order(StringComparer.Ordinal), await scenario.RolesOfAsync(user.Id));
        (await browser.GetAsync("/api/audit")).Is(200);
    }

    [Theory]
    [OnBoth]
    public async Task Adding_rules_keep_roles_and_authoritative_rules_take_them_at_the_next_sign_in(DatabaseProvider database)
    {
        await using var scenario = await ProviderScenario.StartAsync(database);
        var (named, unnamed) = (await scenario.App.CreateRoleAsync("audit.read"), await scenario.App.CreateRoleAsync("users.read"));
        await scenario.RuleAsync("adds", ("auditors", named));
        var user = await scenario.CreateUserAsync(null, "User", named, unnamed);
        await scenario.LinkAsync(user.Id);

        (await scenario.SignedInAsync()).Dispose();
        Assert.Equal(3, (await scenario.RolesOfAsync(user.Id)).Count);
        await scenario.RuleAsync("authoritative", ("auditors", named));
        Assert.Equal(3, (await scenario.RolesOfAsync(user.Id)).Count);
        (await scenario.SignedInAsync()).Dispose();

        Assert.Equal(new[] { unnamed, "User" }.Order(StringComparer.Ordinal), await scenario.RolesOfAsync(user.Id));
        var removed = Assert.Single(await scenario.DetailsOfAsync("user.role_removed"));
        Assert.Equal((named, "auditors"), (removed.GetProperty("role").GetString(), GroupOf(removed)));
        scenario.Provider.Groups = ["auditors"];
        (await scenario.SignedInAsync()).Dispose();
        Assert.Contains(named, await scenario.RolesOfAsync(user.Id));

        static string? GroupOf(JsonElement details) => details.GetProperty("rule").GetProperty("group").GetString();
    }

    [Fact]
    public async Task Groups_are_compared_exactly()
    {
        await using var scenario = await ProviderScenario.StartAsync();
        await scenario.RuleAsync("adds", ("auditors", "Operator"));
        var user = await scenario.CreateUserAsync();
        scenario.Provider.Groups = ["Auditors", "auditors ", "auditor"];

        (await scenario.SignedInAsync()).Dispose();

        Assert.Equal(["User"], await scenario.RolesOfAsync(user.Id));
    }

    [Fact]
    public async Task One_of_several_groups_is_enough_to_keep_a_role()
    {
        await using var scenario = await ProviderScenario.StartAsync();
        await scenario.RuleAsync("authoritative", ("a", "Operator"), ("b", "Operator"));
        var user = await scenario.CreateUserAsync();
        scenario.Provider.Groups = ["b"];

        (await scenario.SignedInAsync()).Dispose();
        (await scenario.SignedInAsync()).Dispose();

        Assert.Equal(["Operator", "User"], await scenario.RolesOfAsync(user.Id));
        Assert.Empty(await scenario.DetailsOfAsync("user.role_removed"));
    }

    [Theory]
    [OnBoth]
    public async Task The_last_administrator_keeps_the_role(DatabaseProvider database)
    {
        await using var scenario = await ProviderScenario.StartAsync(database);
        await scenario.RuleAsync("authoritative", ("admins", "Admin"));
        var other = await scenario.CreateUserAsync(TestData.Password, "Admin");
        await scenario.LinkAsync(other.Id);
        (await scenario.SignedInAsync()).Dispose();
        Assert.DoesNotContain("Admin", await scenario.RolesOfAsync(other.Id));

        (scenario.Provider.Subject, scenario.Provider.Email) = ("the last one", TestData.AdminEmail);
        await scenario.LinkAsync(await scenario.AdministratorAsync());
        using var last = await scenario.SignedInAsync();

        Assert.Contains("Admin", (await last.GetAsync("/api/auth/me")).As<Me>().Roles);
        Assert.Single(await scenario.DetailsOfAsync("user.role_removed"));
    }

    [Theory]
    [OnBoth]
    public async Task Of_administrators_who_lose_the_group_at_once_one_keeps_the_role(DatabaseProvider database)
    {
        await using var scenario = await ProviderScenario.StartAsync(database);
        await scenario.RuleAsync("authoritative", ("admins", "Admin"));
        var callbacks = new List<(ApiClient Browser, string Address)>();
        for (var number = 0; number < 6; number++)
        {
            var user =
                number == 0
                    ? await scenario.AdministratorAsync()
                    : (await scenario.App.CreateUserAsync(password: TestData.Password, roles: "Admin")).Id;
            scenario.Provider.Subject = $"administrator {number}";
            await scenario.LinkAsync(user);
            var browser = scenario.App.Anonymous();
            callbacks.Add((browser, await scenario.AnswerAsync(browser)));
        }

        var answers = await Task.WhenAll(callbacks.Select(callback => callback.Browser.GetAsync(callback.Address)));

        Assert.All(answers, answer => Assert.Equal("/", answer.Is(302).Location));
        Assert.Equal(5, (await scenario.DetailsOfAsync("user.role_removed")).Count);
        callbacks.ForEach(callback => callback.Browser.Dispose());
    }

    [Theory]
    [OnBoth]
    public async Task Nobody_makes_or_removes_a_rule_for_a_role_they_may_not_assign(DatabaseProvider database)
    {
        await using var scenario = await ProviderScenario.StartAsync(database);
        var role = await scenario.App.CreateRoleAsync("directory.write", "roles.assign", "users.read");
        var clerk = await scenario.App.SignedInUserAsync("User", role);
        var without = await scenario.App.SignedInUserAsync(await scenario.App.CreateRoleAsync("directory.write"));

        (await PutAsync(clerk.Caller, scenario, Rules("adds", new GroupRule("all", "Admin")))).Refuses(403, "above_you");
        (await PutAsync(without.Caller, scenario, Rules("adds", new GroupRule("all", "User")))).Refuses(403, "forbidden");
        var own = (await PutAsync(clerk.Caller, scenario, Rules("adds", new GroupRule(" all ", role.ToUpperInvariant())))).Is(200);
        Assert.Equal([new GroupRule("all", role)], own.As<GroupRules>().Rules);

        await scenario.RuleAsync("adds", ("all", role), ("admins", "Admin"));
        (await PutAsync(clerk.Caller, scenario, Rules("adds", new GroupRule("all", role)))).Refuses(403, "above_you");
        (
            await PutAsync(clerk.Caller, scenario, Rules("authoritative", new GroupRule("all", role), new GroupRule("admins", "Admin")))
        ).Refuses(403, "above_you");
        (await PutAsync(clerk.Caller, scenario, Rules("adds", new GroupRule("admins", "Admin")))).Is(200);
        Assert.Equal(1, await scenario.App.ReadAsync(db => db.GroupRoleRules.CountAsync()));
        // Another issuer or groups claim would decide who becomes an administrator.
        (
            await clerk.Caller.SendAsync(
                HttpMethod.Put,
                $"/api/directory/providers/{scenario.Id}",
                ProviderScenario.Request(scenario.Provider.Issuer) with
                {
                    GroupsClaim = "department",
                }
            )
        ).Refuses(403, "above_you");
    }

    [Fact]
    public async Task Invalid_rules_are_refused_and_change_nothing()
    {
        await using var scenario = await ProviderScenario.StartAsync();
        using var admin = await scenario.App.SignInAdminAsync();
        var watch = await scenario.App.WatchAsync();

        (await PutAsync(admin, scenario, Rules("adds", new GroupRule("all", "Nobody")))).Refuses(400, "unknown_role");
        (await PutAsync(admin, scenario, Rules("sometimes"))).RefusesFields("mode");
        (await PutAsync(admin, scenario, Rules("adds", new GroupRule(" ", "User")))).RefusesFields("rules");
        (await PutAsync(admin, scenario, Rules("adds", new GroupRule(new string('g', 257), "User")))).RefusesFields("rules");
        (await PutAsync(admin, scenario, Rules("adds", Many(201)))).RefusesFields("rules");
        (await admin.SendAsync(HttpMethod.Put, $"/api/directory/providers/{Guid.CreateVersion7()}/rules", Rules("adds"))).Refuses(
            404,
            "not_found"
        );

        await watch.NothingHappenedAsync();
        (await PutAsync(admin, scenario, Rules("adds", Many(200)))).Is(200);
        await watch.RecordedAsync("directory.provider_updated");

        static GroupRule[] Many(int count) => [.. Enumerable.Range(1, count).Select(number => new GroupRule($"group {number}", "User"))];
    }

    [Theory]
    [OnBoth]
    public async Task A_deleted_role_takes_its_rules_and_a_renamed_one_keeps_them(DatabaseProvider database)
    {
        await using var scenario = await ProviderScenario.StartAsync(database);
        using var admin = await scenario.App.SignInAdminAsync();
        var (role, renamed) = (await scenario.App.CreateRoleAsync("audit.read"), TestData.Name("Renamed"));
        await scenario.RuleAsync("adds", ("auditors", role), ("all", "User"));
        var body = new
        {
            name = renamed,
            description = "",
            permissions = new[] { "audit.read" },
        };

        (await admin.SendAsync(HttpMethod.Put, $"/api/roles/{role}", body)).Is(200);

        var path = $"/api/directory/providers/{scenario.Id}/rules";
        Assert.Equal(
            [new GroupRule("all", "User"), new GroupRule("auditors", renamed)],
            (await admin.GetAsync(path)).Is(200).As<GroupRules>().Rules
        );
        (await admin.DeleteAsync($"/api/roles/{renamed}")).Is(204);
        Assert.Equal([new GroupRule("all", "User")], (await admin.GetAsync(path)).As<GroupRules>().Rules);
        var removed = (await scenario.DetailsOfAsync("directory.provider_updated"))[^1].GetProperty("rulesRemoved");
        Assert.Equal(1, removed.GetArrayLength());
        Assert.Equal(renamed, removed[0].GetProperty("role").GetString());
    }
}
