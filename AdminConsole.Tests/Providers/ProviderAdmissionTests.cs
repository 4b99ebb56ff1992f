using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;

namespace AdminConsole.Tests.Providers;

/// <summary>Users of a provider who get no account here. Each refusal is recorded once and changes nothing.</summary>
public sealed class ProviderAdmissionTests
{
    [Theory]
    [OnBoth]
    public async Task A_stranger_is_refused_and_nothing_is_created(DatabaseProvider database)
    {
        await using var scenario = await ProviderScenario.StartAsync(database);
        scenario.Provider.Email = "stranger@example.com";
        var watch = await scenario.App.WatchAsync();

        await scenario.RefusesAsync("not_admitted");

        await watch.OnlyRecordedAsync("auth.sign_in_failed");
        var details = Assert.Single(await scenario.DetailsOfAsync("auth.sign_in_failed"));
        Assert.Equal(("Acme", "example.com"), (details.GetProperty("provider").GetString(), details.GetProperty("domain").GetString()));
    }

    [Theory]
    [OnBoth("existing")]
    [OnBoth("domains")]
    public async Task An_email_of_another_domain_finds_no_account(DatabaseProvider database, string admission)
    {
        await using var scenario = await ProviderScenario.StartAsync(
            database,
            request => request with { Admission = admission, AllowedDomains = ["example.org"] }
        );
        await scenario.CreateUserAsync();
        var watch = await scenario.App.WatchAsync();

        await scenario.RefusesAsync("domain_not_allowed");

        await watch.OnlyRecordedAsync("auth.sign_in_failed");
    }

    [Theory]
    [InlineData("ana@sub.example.com")]
    [InlineData("ana@notexample.com")]
    [InlineData("ana@example.com.evil.example")]
    public async Task A_domain_includes_neither_subdomains_nor_similar_ones(string email)
    {
        await using var scenario = await ProviderScenario.StartAsync(change: request => request with { Admission = Admissions.Domains });
        scenario.Provider.Email = email;

        await scenario.RefusesAsync("domain_not_allowed");
    }

    [Theory]
    [OnBoth]
    public async Task Only_a_verified_email_that_is_valid_here_counts(DatabaseProvider database)
    {
        await using var scenario = await ProviderScenario.StartAsync(database, request => request with { Admission = Admissions.Domains });
        var user = await scenario.CreateUserAsync();
        var watch = await scenario.App.WatchAsync();

        scenario.Provider.EmailVerified = false;
        await scenario.RefusesAsync("email_not_verified");
        scenario.Provider.EmailVerified = true;
        scenario.Provider.Email = null;
        await scenario.RefusesAsync("email_missing");
        scenario.Provider.Email = "not an email";
        await scenario.RefusesAsync("email_invalid");

        await watch.OnlyRecordedAsync("auth.sign_in_failed", "auth.sign_in_failed", "auth.sign_in_failed");
        scenario.Provider.Email = user.Email;
        (await scenario.SignedInAsync()).Dispose();
    }

    [Theory]
    [OnBoth("existing")]
    [OnBoth("domains")]
    public async Task An_account_with_a_further_permission_is_linked_only_by_its_owner(DatabaseProvider database, string admission)
    {
        await using var scenario = await ProviderScenario.StartAsync(database, request => request with { Admission = admission });
        var user = await scenario.CreateUserAsync(null, await scenario.App.CreateRoleAsync("audit.read"));
        var watch = await scenario.App.WatchAsync();

        await scenario.RefusesAsync("link_required");

        await watch.OnlyRecordedAsync("auth.sign_in_failed");
        await scenario.LinkAsync(user.Id);
        using var browser = await scenario.SignedInAsync();
        Assert.Equal(user.Id, (await browser.GetAsync("/api/auth/me")).As<Me>().Id);
    }

    [Fact]
    public async Task An_account_that_is_linked_is_not_linked_to_another_user_of_the_provider()
    {
        await using var scenario = await ProviderScenario.StartAsync();
        await scenario.CreateUserAsync();
        (await scenario.SignedInAsync()).Dispose();

        scenario.Provider.Subject = "another";

        await scenario.RefusesAsync("link_required");
    }

    [Theory]
    [OnBoth("deactivate", "inactive")]
    [OnBoth("lockdown", "locked_down")]
    public async Task A_blocked_account_is_refused_before_and_after_it_is_linked(DatabaseProvider database, string operation, string reason)
    {
        await using var scenario = await ProviderScenario.StartAsync(database);
        using var admin = await scenario.App.SignInAdminAsync();
        var unlinked = await scenario.CreateUserAsync();
        (await admin.PostAsync($"/api/users/{unlinked.Id}/{operation}", new { reason = "Test" })).Is(200);

        await scenario.RefusesAsync(reason);

        var linked = await scenario.CreateUserAsync();
        (await scenario.SignedInAsync()).Dispose();
        (await admin.PostAsync($"/api/users/{linked.Id}/{operation}", new { reason = "Test" })).Is(200);
        await scenario.RefusesAsync(reason);
    }

    [Theory]
    [OnBoth]
    public async Task More_than_200_groups_are_refused(DatabaseProvider database)
    {
        await using var scenario = await ProviderScenario.StartAsync(database);
        var user = await scenario.CreateUserAsync();
        scenario.Provider.Groups = [.. Enumerable.Range(1, 201).Select(number => $"group {number}")];

        await scenario.RefusesAsync("too_many_groups");

        scenario.Provider.Groups = [.. scenario.Provider.Groups.Take(200)];
        (await scenario.SignedInAsync()).Dispose();
        scenario.Provider.Groups = [.. scenario.Provider.Groups, "one more"];
        await scenario.RefusesAsync("too_many_groups");
        Assert.Single(await scenario.MethodsAsync(user.Id));
    }

    [Fact]
    public async Task Any_number_of_groups_is_accepted_when_they_are_ignored()
    {
        await using var scenario = await ProviderScenario.StartAsync(change: request => request with { GroupsClaim = null });
        await scenario.CreateUserAsync();
        scenario.Provider.Groups = [.. Enumerable.Range(1, 201).Select(number => $"group {number}")];

        (await scenario.SignedInAsync()).Dispose();
    }

    [Fact]
    public async Task A_removed_provider_signs_nobody_in()
    {
        await using var scenario = await ProviderScenario.StartAsync();
        await scenario.CreateUserAsync();
        using var browser = scenario.App.Anonymous();
        var callback = await scenario.AnswerAsync(browser);
        using var admin = await scenario.App.SignInAdminAsync();
        (await admin.DeleteAsync($"/api/directory/providers/{scenario.Id}")).Is(204);

        scenario.AssertRefused("provider_removed", await browser.GetAsync(callback));

        (await browser.GetAsync("/api/auth/me")).Refuses(401, "unauthenticated");
    }
}
