using AdminConsole.Core.Account;
using AdminConsole.Core.Authentication;
using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Security;
using AdminConsole.Tests.Authentication;
using AdminConsole.Tests.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Tests.Identity;

/// <summary>Signing in with an identity provider that is registered by ASP.NET Core's ordinary calls.</summary>
public sealed class ExternalLoginTests
{
    private static Task<AdminApp> StartAsync(DatabaseProvider database, TestProvider provider) =>
        AdminApp.StartAsync(database, services: provider.AddTo);

    // Follows redirects as a browser does, over the provider and back.
    private static async Task<ApiResponse> FollowAsync(ApiClient browser, string address)
    {
        var answer = await browser.GetAsync(address);
        for (var hop = 0; hop < 6 && answer.Location is { } next && !next.Contains("/login?", StringComparison.Ordinal); hop++)
        {
            answer = await browser.GetAsync(next);
        }

        return answer;
    }

    private static async Task LinkAsync(AdminApp app, Guid userId, string key = "4711")
    {
        var actor = TestData.System with { UserId = userId, Via = AuthenticationMethod.Session, AuthenticatedAt = app.Clock.GetUtcNow() };
        Assert.Null(
            (
                await app.RunAsync<OwnLogins, Result<Unit>>(own =>
                    own.AddAsync(actor, new UserLoginInfo(TestProvider.Name, key, "Example account"), default)
                )
            ).Refusal
        );
    }

    [Theory]
    [OnBoth]
    public async Task A_linked_account_signs_in_with_the_provider(DatabaseProvider database)
    {
        await using var provider = await TestProvider.StartAsync();
        await using var app = await StartAsync(database, provider);
        var user = await app.CreateUserAsync();
        await LinkAsync(app, user.Id);
        using var browser = app.Anonymous();
        Assert.Contains("Continue with Example account", (await browser.GetAsync("/login")).Text, StringComparison.Ordinal);
        var watch = await app.WatchAsync();

        await FollowAsync(browser, "/external/Example");

        Assert.Equal(user.Id, (await browser.GetAsync("/api/auth/me")).Is(200).As<Me>().Id);
        await watch.RecordedAsync("auth.signed_in");
        Assert.Equal(
            "external",
            await app.ReadAsync(db =>
                db.Sessions.Where(session => session.UserId == user.Id).Select(session => session.Method).SingleAsync()
            )
        );
    }

    [Theory]
    [OnBoth]
    public async Task Unlinked_and_deactivated_accounts_are_redirected_to_the_sign_in_page(DatabaseProvider database)
    {
        await using var provider = await TestProvider.StartAsync();
        await using var app = await StartAsync(database, provider);
        await app.CreateUserAsync(TestData.AdminEmail, TestData.Password, "Admin");
        var user = await app.CreateUserAsync();
        using var browser = app.Anonymous();
        var watch = await app.WatchAsync();

        Assert.Contains(
            "reason=not-linked",
            (await FollowAsync(browser, "/external/Example?returnUrl=/users")).Location,
            StringComparison.Ordinal
        );
        await LinkAsync(app, user.Id);
        using var boss = await app.SignInAdminAsync();
        (await boss.PostAsync($"/api/users/{user.Id}/deactivate")).Is(200);
        Assert.Contains("reason=deactivated", (await FollowAsync(browser, "/external/Example")).Location, StringComparison.Ordinal);
        provider.Declines = true;
        Assert.Contains("reason=provider-failed", (await FollowAsync(browser, "/external/Example")).Location, StringComparison.Ordinal);

        (await browser.GetAsync("/api/auth/me")).Refuses(401, "unauthenticated");
        (await browser.GetAsync("/external/Nonsense")).Is(404);
        Assert.Contains("reason=provider-failed", (await FollowAsync(browser, "/login/external")).Location, StringComparison.Ordinal);
        await watch.RecordedAsync("auth.sign_in_failed", "user.linked", "auth.signed_in", "user.deactivated", "auth.sign_in_failed");
    }

    [Fact]
    public async Task An_authenticator_code_is_still_required()
    {
        await using var provider = await TestProvider.StartAsync();
        await using var app = await StartAsync(DatabaseProvider.Sqlite, provider);
        var person = await EnrolledUser.CreateAsync(app);
        await LinkAsync(app, person.User.Id);
        using var browser = app.Anonymous();

        var answer = await FollowAsync(browser, "/external/Example");

        Assert.Contains("Authentication code", answer.Text, StringComparison.Ordinal);
        (await browser.GetAsync("/api/auth/me")).Refuses(401, "unauthenticated");
    }

    [Fact]
    public async Task One_response_and_its_code_begin_one_session()
    {
        await using var provider = await TestProvider.StartAsync();
        await using var app = await StartAsync(DatabaseProvider.Sqlite, provider);
        var person = await EnrolledUser.CreateAsync(app);
        await LinkAsync(app, person.User.Id);
        using var first = app.Anonymous();
        var answered = await first.GetAsync((await first.GetAsync((await first.GetAsync("/external/Example")).Location!)).Location!);
        var cookies = string.Join("; ", first.Cookies.GetCookies(app.Root).Select(one => $"{one.Name}={one.Value}"));
        // The same response twice, so that two browsers wait for a code.
        await first.GetAsync(answered.Location!);
        using var second = app.Anonymous();
        await second.GetAsync(answered.Location!, ("Cookie", cookies));

        await PageForm.SendAsync(first, "/login/code", ("Form.Code", person.Code()));
        person.NextCode();
        await PageForm.SendAsync(second, "/login/code", ("Form.Code", person.Code()));

        (await first.GetAsync("/api/auth/me")).Is(200);
        (await second.GetAsync("/api/auth/me")).Refuses(401, "unauthenticated");
    }

    [Theory]
    [OnBoth]
    public async Task Of_32_concurrent_uses_of_one_response_one_signs_in(DatabaseProvider database)
    {
        await using var app = await AdminApp.StartAsync(database);
        var (user, answer) = (await app.CreateUserAsync(), TestPasskeys.Challenge(app));
        await LinkAsync(app, user.Id);

        var results = await Task.WhenAll(
            Enumerable
                .Range(0, 32)
                .Select(_ =>
                    Task.Run(() =>
                        app.RunAsync<ExternalSignIn, Result<SignedIn>>(signIn =>
                            signIn.SignInAsync(Actor.Anonymous(), TestProvider.Name, "4711", answer, remember: false, default)
                        )
                    )
                )
        );

        Assert.Single(results, result => result.Refusal is null);
        Assert.Equal(1, await app.ReadAsync(db => db.Sessions.CountAsync(session => session.UserId == user.Id)));
    }

    [Fact]
    public async Task The_owner_links_a_login_after_confirming_and_no_other_account_can_link_it()
    {
        await using var provider = await TestProvider.StartAsync();
        await using var app = await StartAsync(DatabaseProvider.Sqlite, provider);
        var (first, second) = (await app.SignedInUserAsync(), await app.SignedInUserAsync());
        var watch = await app.WatchAsync();

        var question = await FollowAsync(first.Caller, "/external/Example?link=true");

        Assert.Contains("Link Example account?", question.Text, StringComparison.Ordinal);
        Assert.Contains("ana@elsewhere.example", question.Text, StringComparison.Ordinal);
        await watch.RecordedAsync();
        await LinkAsync(app, first.Id);
        var actor = TestData.System with
        {
            UserId = second.Id,
            Via = AuthenticationMethod.Session,
            AuthenticatedAt = app.Clock.GetUtcNow(),
        };
        var login = new UserLoginInfo(TestProvider.Name, provider.Subject, null);
        Assert.Equal("duplicate_login", (await AddAsync(actor)).Refusal?.Code);
        Assert.Equal(
            "fresh_sign_in_required",
            (await AddAsync(actor with { AuthenticatedAt = app.Clock.GetUtcNow().AddHours(-1) })).Refusal?.Code
        );
        await watch.RecordedAsync("user.linked");

        Task<Result<Unit>> AddAsync(Actor by) => app.RunAsync<OwnLogins, Result<Unit>>(own => own.AddAsync(by, login, default));
    }

    [Fact]
    public async Task A_response_for_one_user_neither_links_nor_signs_in_another()
    {
        await using var provider = await TestProvider.StartAsync();
        await using var app = await StartAsync(DatabaseProvider.Sqlite, provider);
        var (first, second) = (await app.SignedInUserAsync(), await app.SignedInUserAsync());
        await FollowAsync(first.Caller, "/external/Example?link=true");

        (await first.Caller.PostAsync("/api/auth/login", new { login = second.Email, password = TestData.Password })).Is(200);

        Assert.Contains("Nothing to link", (await first.Caller.GetAsync("/account/link")).Text, StringComparison.Ordinal);
        Assert.Contains("reason=expired", (await first.Caller.GetAsync("/login/external")).Location, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_response_that_does_not_sign_in_is_deleted()
    {
        await using var provider = await TestProvider.StartAsync();
        await using var app = await StartAsync(DatabaseProvider.Sqlite, provider);
        var person = await app.SignedInUserAsync();
        await FollowAsync(person.Caller, "/external/Example?link=true");
        using var other = app.Anonymous();

        var expired = await person.Caller.GetAsync("/login/external");
        var unreadable = await other.GetAsync("/login/external", ("Cookie", "AdminConsole.External=nonsense"));

        Assert.Contains("reason=expired", expired.Location, StringComparison.Ordinal);
        Assert.Contains("reason=provider-failed", unreadable.Location, StringComparison.Ordinal);
        foreach (var answer in new[] { expired, unreadable })
        {
            Assert.Contains(answer.SetCookies, cookie => cookie.StartsWith("AdminConsole.External=;", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task A_response_works_once_and_another_site_cannot_start_a_sign_in()
    {
        await using var provider = await TestProvider.StartAsync();
        await using var app = await StartAsync(DatabaseProvider.Sqlite, provider);
        await LinkAsync(app, (await app.CreateUserAsync()).Id);
        using var thief = app.Anonymous();
        using var asked = app.Anonymous();
        var answer = await asked.GetAsync(
            (await asked.GetAsync((await asked.GetAsync("/external/Example?returnUrl=/%C3%BC")).Location!)).Location!
        );
        var cookie = ("Cookie", string.Join("; ", asked.Cookies.GetCookies(app.Root).Select(one => $"{one.Name}={one.Value}")));

        Assert.Equal("/%C3%BC", (await asked.GetAsync(answer.Location!)).Location);
        Assert.Contains("reason=expired", (await thief.GetAsync(answer.Location!, cookie)).Location, StringComparison.Ordinal);
        Assert.StartsWith(
            "/login",
            (await thief.GetAsync("/external/Example", ("Sec-Fetch-Site", "cross-site"))).Location,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Resetting_factors_unlinks_the_provider_too()
    {
        await using var provider = await TestProvider.StartAsync();
        await using var app = await StartAsync(DatabaseProvider.Sqlite, provider);
        await app.CreateUserAsync(TestData.AdminEmail, TestData.Password, "Admin");
        var user = await app.CreateUserAsync(password: TestData.Password);
        await LinkAsync(app, user.Id);
        using var admin = await app.SignInAdminAsync();

        (await admin.PostAsync($"/api/users/{user.Id}/reset-mfa")).Is(204);

        Assert.Contains("reason=not-linked", (await FollowAsync(app.Anonymous(), "/external/Example")).Location, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_last_sign_in_method_is_not_removed()
    {
        await using var provider = await TestProvider.StartAsync();
        await using var app = await StartAsync(DatabaseProvider.Sqlite, provider);
        var (without, with) = (await app.CreateUserAsync(), await app.CreateUserAsync(password: TestData.Password));
        await LinkAsync(app, without.Id, "1");
        await LinkAsync(app, with.Id, "2");
        var watch = await app.WatchAsync();

        Assert.Equal("last_way_in", (await RemoveAsync(without.Id, "1")).Refusal?.Code);
        Assert.Equal("not_found", (await RemoveAsync(with.Id, "1")).Refusal?.Code);
        Assert.Null((await RemoveAsync(with.Id, "2")).Refusal);

        await watch.RecordedAsync("user.unlinked");

        Task<Result<Unit>> RemoveAsync(Guid id, string key) =>
            app.RunAsync<OwnLogins, Result<Unit>>(own =>
                own.RemoveAsync(
                    TestData.System with
                    {
                        UserId = id,
                        Via = AuthenticationMethod.Session,
                        AuthenticatedAt = app.Clock.GetUtcNow(),
                    },
                    new UserLoginInfo(TestProvider.Name, key, null),
                    default
                )
            );
    }
}
