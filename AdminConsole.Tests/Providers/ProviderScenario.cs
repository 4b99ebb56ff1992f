using System.Text.Json;
using AdminConsole.Core.Account;
using AdminConsole.Core.Changes;
using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Providers;
using AdminConsole.Core.Security;
using AdminConsole.Core.Users;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Tests.Providers;

/// <summary>A console with an administrator and one identity provider.</summary>
public sealed class ProviderScenario : IAsyncDisposable
{
    public const string Name = "Acme";

    private ProviderScenario(AdminApp app, OidcTestProvider provider, ProviderDetails details) =>
        (App, Provider, Details) = (app, provider, details);

    public AdminApp App { get; }

    public OidcTestProvider Provider { get; }

    /// <summary>The provider as it was added.</summary>
    public ProviderDetails Details { get; }

    public Guid Id => Details.Id;

    /// <summary>Starts both. The provider is accepted for example.com and existing accounts, and sends
    /// groups.</summary>
    public static async Task<ProviderScenario> StartAsync(
        DatabaseProvider database = DatabaseProvider.Sqlite,
        Func<ProviderRequest, ProviderRequest>? change = null
    )
    {
        var provider = await OidcTestProvider.StartAsync();
        var app = await AdminApp.StartAsync(database);
        provider.Clock = app.Clock;
        await app.CreateUserAsync(TestData.AdminEmail, TestData.Password, "Admin");
        var request = Request(provider.Issuer);
        return new ProviderScenario(app, provider, await AddAsync(app, change?.Invoke(request) ?? request));
    }

    public static ProviderRequest Request(string issuer, string name = Name) =>
        new()
        {
            Name = name,
            Issuer = issuer,
            ClientId = OidcTestProvider.ClientId,
            ClientSecret = OidcTestProvider.ClientSecret,
            GroupsClaim = "groups",
            AllowedDomains = ["example.com"],
        };

    public static async Task<ProviderDetails> AddAsync(AdminApp app, ProviderRequest request) =>
        (
            await app.RunAsync<IdentityProviders, Result<ProviderDetails>>(providers =>
                providers.CreateAsync(TestData.System, request, default)
            )
        ).Value;

    /// <summary>Creates an account with this password and makes it the provider's user.</summary>
    public async Task<UserDetails> CreateUserAsync(string? password = null, params string[] roles)
    {
        var user = await App.CreateUserAsync(password: password, roles: roles);
        (Provider.Email, Provider.Subject) = (user.Email, $"subject of {user.Email}");
        return user;
    }

    /// <summary>Links the provider's current user to an account, as its owner does.</summary>
    public async Task LinkAsync(Guid userId)
    {
        var owner = TestData.System with { UserId = userId, Via = AuthenticationMethod.Session, AuthenticatedAt = App.Clock.GetUtcNow() };
        var login = new UserLoginInfo(IdentityProvider.LoginProviderOf(Id), Provider.Subject, Name);
        var version = await App.ReadAsync(db => db.IdentityProviders.Where(row => row.Id == Id).Select(row => row.UpdatedAt).SingleAsync());
        Assert.Null((await App.RunAsync<OwnLogins, Result<Unit>>(own => own.AddAsync(owner, login, default, version))).Refusal);
    }

    /// <summary>Asks for a sign-in and lets the provider answer. Returns the address of the callback.</summary>
    public async Task<string> AnswerAsync(ApiClient browser, string query = "")
    {
        var asked = (await browser.GetAsync($"/oidc/{Id}/sign-in{query}")).Is(302);
        Assert.StartsWith($"{Provider.Issuer}/authorize?", asked.Location, StringComparison.Ordinal);
        var answered = (await browser.GetAsync(asked.Location!)).Is(302);
        Assert.Contains($"/oidc/{Id}/callback?", answered.Location, StringComparison.Ordinal);
        return answered.Location!;
    }

    /// <summary>Follows the redirects over the provider and back. Returns the redirect that ends the sign-in.</summary>
    public Task<ApiResponse> SignInAsync(ApiClient browser, string query = "") => FollowAsync(browser, Provider.Issuer, Id, query);

    public static async Task<ApiResponse> FollowAsync(ApiClient browser, string issuer, Guid id, string query = "")
    {
        var answer = await browser.GetAsync($"/oidc/{id}/sign-in{query}");
        for (var hop = 0; hop < 5 && IsHop(answer.Location); hop++)
        {
            answer = await browser.GetAsync(answer.Location!);
        }

        return answer.Is(302);

        bool IsHop(string? next) =>
            next is not null
            && (next.StartsWith(issuer, StringComparison.Ordinal) || next.Contains($"/oidc/{id}/callback", StringComparison.Ordinal));
    }

    /// <summary>Signs in the provider's current user with a new browser.</summary>
    public async Task<ApiClient> SignedInAsync()
    {
        var browser = App.Anonymous();
        Assert.Equal("/", (await SignInAsync(browser)).Location);
        (await browser.GetAsync("/api/auth/me")).Is(200);
        return browser;
    }

    /// <summary>Asserts that a sign-in with a new browser is refused for this reason, and recorded once.</summary>
    public async Task RefusesAsync(string reason)
    {
        using var browser = App.Anonymous();
        var before = (await FailuresAsync()).Count;

        AssertRefused(reason, await SignInAsync(browser));

        Assert.Equal([reason], (await FailuresAsync()).Skip(before));
        (await browser.GetAsync("/api/auth/me")).Refuses(401, "unauthenticated");
    }

    public void AssertRefused(string reason, ApiResponse answer)
    {
        var address = new Uri(App.Root, answer.Is(302).Location);
        Assert.True(address.AbsolutePath == "/login", $"Expected the refusal {reason}, got {address}");
        var query = QueryHelpers.ParseQuery(address.Query);
        Assert.Equal((reason, Id.ToString()), (query["reason"].ToString(), query["provider"].ToString()));
    }

    /// <summary>Returns the reasons of all failed sign-ins, oldest first.</summary>
    public async Task<List<string>> FailuresAsync() =>
        [.. (await DetailsOfAsync(AuditActions.SignInFailed)).Select(details => details.GetProperty("reason").GetString()!)];

    /// <summary>Returns the details of all events with this action, oldest first.</summary>
    public async Task<List<JsonElement>> DetailsOfAsync(string action)
    {
        var found = await App.ReadAsync(db =>
            db.AuditEvents.Where(entry => entry.Action == action)
                .OrderBy(entry => entry.Id)
                .Select(entry => entry.Details ?? "{}")
                .ToListAsync()
        );
        return found.ConvertAll(details => JsonSerializer.Deserialize<JsonElement>(details));
    }

    /// <summary>Replaces the rules as the server itself.</summary>
    public async Task RuleAsync(string mode, params (string Group, string Role)[] rules)
    {
        var request = new GroupRules { Mode = mode, Rules = [.. rules.Select(rule => new GroupRule(rule.Group, rule.Role))] };
        Assert.Null(
            (await App.RunAsync<ProviderRules, Result<GroupRules>>(own => own.ReplaceAsync(TestData.System, Id, request, default))).Refusal
        );
    }

    public async Task<IReadOnlyList<string>> RolesOfAsync(Guid userId)
    {
        using var admin = await App.SignInAdminAsync();
        return (await admin.GetAsync($"/api/users/{userId}")).Is(200).As<UserDetails>().Roles;
    }

    public Task<Result<UserDetails>> BreakGlassAsync(Guid userId, bool breakGlass = true) =>
        App.RunAsync<BreakGlassAccounts, Result<UserDetails>>(accounts => accounts.SetAsync(TestData.System, userId, breakGlass, default));

    public async Task<Guid> AdministratorAsync() =>
        await App.ReadAsync(db => db.Users.Where(user => user.Email == TestData.AdminEmail).Select(user => user.Id).SingleAsync());

    /// <summary>Returns the methods of a user's sessions.</summary>
    public Task<List<string>> MethodsAsync(Guid userId) =>
        App.ReadAsync(db => db.Sessions.Where(session => session.UserId == userId).Select(session => session.Method).ToListAsync());

    public async ValueTask DisposeAsync()
    {
        await App.DisposeAsync();
        await Provider.DisposeAsync();
    }
}
