using AdminConsole.Core.Account;
using AdminConsole.Core.Authentication;
using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Providers;
using AdminConsole.Core.Security;
using AdminConsole.Tests.Tokens;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Tests.Providers;

/// <summary>Attacks on the link between an account and a provider.</summary>
public sealed class ProviderLinkTests
{
    [Theory]
    [OnBoth]
    public async Task An_account_that_is_linked_by_its_email_loses_its_password_sessions_and_tokens(DatabaseProvider database)
    {
        await using var scenario = await ProviderScenario.StartAsync(database);
        var user = await scenario.CreateUserAsync(TestData.Password);
        using var creator = await scenario.App.SignInAsync(user.Email!);
        await creator.CreateTokenAsync("profile.read");

        using var owner = await scenario.SignedInAsync();

        (await creator.GetAsync("/api/auth/me")).Refuses(401, "unauthenticated");
        using var anonymous = scenario.App.Anonymous();
        (await anonymous.PostAsync("/api/auth/login", new { login = user.Email, password = TestData.Password })).Refuses(
            401,
            "invalid_credentials"
        );
        Assert.True(await scenario.App.ReadAsync(db => db.PersonalAccessTokens.AllAsync(row => row.RevokedAt != null)));
        (await owner.GetAsync("/api/auth/me")).Is(200);
    }

    [Theory]
    [OnBoth]
    public async Task A_response_is_refused_after_the_provider_has_changed(DatabaseProvider database)
    {
        await using var scenario = await ProviderScenario.StartAsync(database);
        var user = await scenario.CreateUserAsync();
        using var browser = scenario.App.Anonymous();
        var identity = new ExternalIdentity(scenario.Id, scenario.Details.UpdatedAt.AddMinutes(-1), "subject")
        {
            Email = user.Email,
            EmailVerified = true,
        };
        var ticket = new SingleUseToken(Guid.CreateVersion7(), scenario.App.Clock.GetUtcNow().AddMinutes(5));

        var result = await scenario.App.RunAsync<ProviderSignIn, Result<SignedIn>>(signIn =>
            signIn.SignInAsync(TestData.System, identity, ticket, default)
        );

        Assert.Equal("expired", result.Refusal?.Code);
        var owner = TestData.System with { UserId = user.Id, AuthenticatedAt = scenario.App.Clock.GetUtcNow() };
        var login = new UserLoginInfo(IdentityProvider.LoginProviderOf(scenario.Id), "subject", "Acme");
        var linked = await scenario.App.RunAsync<OwnLogins, Result<Unit>>(own =>
            own.AddAsync(owner with { Via = AuthenticationMethod.Session }, login, default, identity.ProviderVersion)
        );
        Assert.Equal("expired", linked.Refusal?.Code);
        Assert.Equal(0, await scenario.App.ReadAsync(db => db.UserLogins.CountAsync()));
    }

    [Fact]
    public async Task A_new_issuer_needs_its_own_secret()
    {
        await using var scenario = await ProviderScenario.StartAsync();
        using var admin = await scenario.App.SignInAdminAsync();
        var request = ProviderScenario.Request("https://elsewhere.example") with { ClientSecret = null };

        var answer = await admin.SendAsync(HttpMethod.Put, $"/api/directory/providers/{scenario.Id}", request);

        answer.Refuses(400, "validation_failed");
        Assert.Contains("clientSecret", answer.Text, StringComparison.Ordinal);
    }

    [Theory]
    [OnBoth]
    public async Task A_group_that_cannot_be_stored_is_refused(DatabaseProvider database)
    {
        await using var scenario = await ProviderScenario.StartAsync(database);
        using var admin = await scenario.App.SignInAdminAsync();
        var path = $"/api/directory/providers/{scenario.Id}/rules";

        foreach (var group in new[] { "\uFFFE", "\0", " ", new string('x', 257) })
        {
            var rules = new GroupRules { Rules = [new GroupRule(group, "User")] };
            (await admin.SendAsync(HttpMethod.Put, path, rules)).Refuses(400, "validation_failed");
        }
    }

    [Theory]
    [OnBoth]
    public async Task The_email_of_a_stranger_is_not_kept(DatabaseProvider database)
    {
        await using var scenario = await ProviderScenario.StartAsync(database);
        scenario.Provider.Email = "a-stranger@example.com";

        await scenario.RefusesAsync("not_admitted");

        Assert.False(await scenario.App.ReadAsync(db => db.AuditEvents.AnyAsync(entry => entry.Details!.Contains("a-stranger"))));
    }
}
