using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Users;
using AdminConsole.Tests.Authentication;
using AdminConsole.Tests.Http;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Tests.Providers;

/// <summary>Signing in with an OpenID Connect provider: which account it is, and what happens to it.</summary>
public sealed class ProviderSignInTests
{
    private static ProviderRequest Domains(ProviderRequest request) => request with { Admission = Admissions.Domains };

    private static Task<int> LinksAsync(ProviderScenario scenario) => scenario.App.ReadAsync(db => db.UserLogins.CountAsync());

    [Theory]
    [OnBoth]
    public async Task The_account_with_the_verified_email_is_linked_recorded_and_mailed_once(DatabaseProvider database)
    {
        await using var scenario = await ProviderScenario.StartAsync(database);
        var user = await scenario.CreateUserAsync();
        scenario.Provider.Name = user.DisplayName;
        scenario.Provider.Email = user.Email!.ToUpperInvariant();
        using var browser = scenario.App.Anonymous();
        var watch = await scenario.App.WatchAsync();

        var answer = await scenario.SignInAsync(browser, "?returnUrl=%2Faccount%2Fsecurity");

        Assert.Equal("/account/security", answer.Location);
        Assert.Equal(user.Id, (await browser.GetAsync("/api/auth/me")).Is(200).As<Me>().Id);
        await watch.RecordedAsync("user.linked", "auth.signed_in");
        var linked = Assert.Single(await scenario.DetailsOfAsync("user.linked"));
        Assert.Equal(("Acme", "email"), (linked.GetProperty("provider").GetString(), linked.GetProperty("by").GetString()));
        var mails = await scenario.App.ReadAsync(db => db.OutboxMails.Where(mail => mail.Kind == "provider-linked").ToListAsync());
        Assert.Equal(user.Email, Assert.Single(mails).Recipient);
        (await scenario.SignedInAsync()).Dispose();
        Assert.Equal(["external", "external"], await scenario.MethodsAsync(user.Id));
        Assert.Equal(1, await LinksAsync(scenario));
    }

    [Theory]
    [OnBoth]
    public async Task A_linked_account_is_found_by_the_subject_and_not_by_the_email(DatabaseProvider database)
    {
        await using var scenario = await ProviderScenario.StartAsync(database);
        var user = await scenario.CreateUserAsync();
        (await scenario.SignedInAsync()).Dispose();
        var other = await scenario.App.CreateUserAsync();
        (scenario.Provider.Email, scenario.Provider.EmailVerified) = (other.Email, false);

        using var browser = await scenario.SignedInAsync();

        Assert.Equal(user.Id, (await browser.GetAsync("/api/auth/me")).As<Me>().Id);
        Assert.Equal(user.Email, (await browser.GetAsync("/api/auth/me")).As<Me>().Email);
    }

    [Theory]
    [OnBoth]
    public async Task A_new_user_of_an_allowed_domain_gets_an_account_without_a_password(DatabaseProvider database)
    {
        await using var scenario = await ProviderScenario.StartAsync(database, Domains);
        (scenario.Provider.Email, scenario.Provider.Name) = ("Bo@Example.com", "Bo Example");
        var watch = await scenario.App.WatchAsync();

        using var browser = await scenario.SignedInAsync();

        await watch.RecordedAsync("user.created", "user.linked", "auth.signed_in");
        var me = (await browser.GetAsync("/api/auth/me")).As<Me>();
        using var admin = await scenario.App.SignInAdminAsync();
        var user = (await admin.GetAsync($"/api/users/{me.Id}")).Is(200).As<UserDetails>();
        Assert.Equal(("Bo@Example.com", "Bo Example", false), (user.Email, user.DisplayName, user.HasPassword));
        Assert.Equal(("Acme", UserStatuses.Active), (user.Source, user.Status));
        Assert.Equal(["User"], user.Roles);
        var created = (await scenario.DetailsOfAsync("user.created"))[^1];
        Assert.Equal("Acme", created.GetProperty("provider").GetString());
    }

    [Fact]
    public async Task A_member_of_an_allowed_group_gets_an_account_with_an_email_of_any_domain()
    {
        await using var scenario = await ProviderScenario.StartAsync(change: request =>
            Domains(request) with
            {
                AllowedGroups = ["console-users"],
            }
        );
        scenario.Provider.Email = "bo@partner.example";

        await scenario.RefusesAsync("domain_not_allowed");
        scenario.Provider.Groups = ["Console-Users"];
        await scenario.RefusesAsync("domain_not_allowed");
        scenario.Provider.Groups = ["all", "console-users"];

        (await scenario.SignedInAsync()).Dispose();
    }

    [Theory]
    [OnBoth]
    public async Task Of_8_first_sign_ins_at_once_all_get_the_same_new_account(DatabaseProvider database)
    {
        await using var scenario = await ProviderScenario.StartAsync(database, Domains);
        scenario.Provider.Email = "bo@example.com";
        var browsers = Enumerable.Range(0, 8).Select(_ => scenario.App.Anonymous()).ToList();
        var callbacks = await Task.WhenAll(browsers.Select(browser => scenario.AnswerAsync(browser)));

        var answers = await Task.WhenAll(browsers.Zip(callbacks, (browser, callback) => browser.GetAsync(callback)));

        Assert.All(answers, answer => Assert.Equal("/", answer.Is(302).Location));
        Assert.Equal(1, await scenario.App.ReadAsync(db => db.Users.CountAsync(user => user.Email == "bo@example.com")));
        Assert.Equal(1, await LinksAsync(scenario));
        Assert.Equal(8, await scenario.App.ReadAsync(db => db.Sessions.CountAsync(session => session.ProviderId == scenario.Id)));
        Assert.Single(await scenario.DetailsOfAsync("user.linked"));
        browsers.ForEach(browser => browser.Dispose());
    }

    [Theory]
    [OnBoth]
    public async Task Of_8_first_sign_ins_at_once_one_links_the_existing_account(DatabaseProvider database)
    {
        await using var scenario = await ProviderScenario.StartAsync(database);
        var user = await scenario.CreateUserAsync();
        var browsers = Enumerable.Range(0, 8).Select(_ => scenario.App.Anonymous()).ToList();

        var answers = await Task.WhenAll(browsers.Select(browser => scenario.SignInAsync(browser)));

        Assert.All(answers, answer => Assert.Equal("/", answer.Location));
        Assert.Equal(8, (await scenario.MethodsAsync(user.Id)).Count);
        Assert.Single(await scenario.DetailsOfAsync("user.linked"));
        browsers.ForEach(browser => browser.Dispose());
    }

    [Theory]
    [OnBoth]
    public async Task The_name_follows_the_provider_and_the_email_does_not(DatabaseProvider database)
    {
        await using var scenario = await ProviderScenario.StartAsync(database);
        var user = await scenario.CreateUserAsync();
        (await scenario.SignedInAsync()).Dispose();
        (scenario.Provider.Name, scenario.Provider.Email) = ("Ana Married", "married@example.com");
        var watch = await scenario.App.WatchAsync();

        using var browser = await scenario.SignedInAsync();

        var me = (await browser.GetAsync("/api/auth/me")).As<Me>();
        Assert.Equal((user.Email, "Ana Married"), (me.Email, me.DisplayName));
        Assert.Equal(["user.updated", "auth.signed_in"], await watch.EventsAsync());
        var change = (await scenario.DetailsOfAsync("user.updated"))[^1].GetProperty("changes")[0];
        Assert.Equal(("displayName", "Ana Married"), (change.GetProperty("field").GetString(), change.GetProperty("new").GetString()));
        foreach (var unusable in new[] { null, "", new string('x', Limits.DisplayName + 1) })
        {
            scenario.Provider.Name = unusable;
            (await scenario.SignedInAsync()).Dispose();
        }

        Assert.Equal("Ana Married", (await browser.GetAsync("/api/auth/me")).As<Me>().DisplayName);
    }

    [Theory]
    [OnBoth]
    public async Task An_invited_user_accepts_the_invitation_by_signing_in(DatabaseProvider database)
    {
        await using var scenario = await ProviderScenario.StartAsync(database, request => request with { Admission = Admissions.Invited });
        var user = await InvitedAsync(scenario);
        Assert.Equal(UserStatuses.Invited, user.Status);

        using var browser = await scenario.SignedInAsync();

        Assert.Equal(user.Id, (await browser.GetAsync("/api/auth/me")).As<Me>().Id);
        using var admin = await scenario.App.SignInAdminAsync();
        var after = (await admin.GetAsync($"/api/users/{user.Id}")).As<UserDetails>();
        Assert.Equal((UserStatuses.Active, "Acme"), (after.Status, after.Source));
        Assert.Null(after.InvitedUntil);
    }

    [Fact]
    public async Task With_existing_accounts_only_an_open_invitation_is_refused()
    {
        await using var scenario = await ProviderScenario.StartAsync();
        await InvitedAsync(scenario);

        await scenario.RefusesAsync("invitation_open");
    }

    [Fact]
    public async Task An_account_with_an_app_needs_its_code_unless_the_providers_factor_counts()
    {
        await using var scenario = await ProviderScenario.StartAsync(change: request => request with { SecondFactorValues = ["mfa"] });
        var person = await EnrolledUser.CreateAsync(scenario.App);
        scenario.Provider.Email = person.User.Email;
        await scenario.LinkAsync(person.User.Id);
        scenario.Provider.Amr = ["pwd"];
        using var browser = scenario.App.Anonymous();

        Assert.Equal("/login/code", (await scenario.SignInAsync(browser)).Location);
        (await browser.GetAsync("/api/auth/me")).Refuses(401, "unauthenticated");
        await PageForm.SendAsync(browser, "/login/code", ("Form.Code", person.Code()));
        (await browser.GetAsync("/api/auth/me")).Is(200);
        scenario.Provider.Amr = ["pwd", "mfa"];
        (await scenario.SignedInAsync()).Dispose();

        Assert.Equal(["external+mfa", "external+totp"], (await scenario.MethodsAsync(person.User.Id)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task The_profile_may_be_in_the_user_info_only()
    {
        await using var scenario = await ProviderScenario.StartAsync();
        var user = await scenario.CreateUserAsync();
        scenario.Provider.SendsProfileInUserInfoOnly = true;

        using var browser = await scenario.SignedInAsync();

        var me = (await browser.GetAsync("/api/auth/me")).As<Me>();
        Assert.Equal((user.Id, "Ana Example"), (me.Id, me.DisplayName));
    }

    [Theory]
    [InlineData("post")]
    [InlineData("basic")]
    public async Task The_console_authenticates_as_configured(string method)
    {
        await using var scenario = await ProviderScenario.StartAsync(change: request => request with { ClientAuthentication = method });
        await scenario.CreateUserAsync();

        (await scenario.SignedInAsync()).Dispose();

        Assert.Equal(method, scenario.Provider.LastAuthentication);
    }

    [Fact]
    public async Task The_request_has_the_scopes_a_state_and_a_nonce_that_are_new_each_time()
    {
        await using var scenario = await ProviderScenario.StartAsync(change: request =>
            request with
            {
                Scopes = ["openid", "email", "groups"],
            }
        );
        using var browser = scenario.App.Anonymous();

        await scenario.AnswerAsync(browser);
        var first = scenario.Provider.LastRequest;
        await scenario.AnswerAsync(browser);
        var second = scenario.Provider.LastRequest;

        Assert.Equal(("openid email groups", "console", "code"), (first["scope"], first["client_id"], first["response_type"]));
        Assert.EndsWith($"/oidc/{scenario.Id}/callback", first["redirect_uri"], StringComparison.Ordinal);
        foreach (var field in new[] { "state", "nonce", "code_challenge" })
        {
            Assert.True(first[field].Length >= 22, $"{field} is too short: {first[field]}");
            Assert.NotEqual(first[field], second[field]);
        }
    }

    [Fact]
    public async Task A_return_address_elsewhere_is_ignored()
    {
        await using var scenario = await ProviderScenario.StartAsync();
        await scenario.CreateUserAsync();

        foreach (var elsewhere in new[] { "https://evil.example/", "//evil.example", "/\\evil.example" })
        {
            using var browser = scenario.App.Anonymous();
            var answer = await scenario.SignInAsync(browser, $"?returnUrl={Uri.EscapeDataString(elsewhere)}");
            Assert.DoesNotContain("evil.example", answer.Location, StringComparison.Ordinal);
            (await browser.GetAsync("/api/auth/me")).Is(200);
        }
    }

    private static async Task<UserDetails> InvitedAsync(ProviderScenario scenario)
    {
        var request = new CreateUserRequest { Email = TestData.Email("invited"), Invite = true };
        scenario.Provider.Email = request.Email;
        return (
            await scenario.App.RunAsync<UserLifecycle, Result<UserDetails>>(users => users.CreateAsync(TestData.System, request, default))
        ).Value;
    }
}
