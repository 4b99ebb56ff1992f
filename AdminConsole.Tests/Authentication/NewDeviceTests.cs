using System.Net;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.System;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Tests.Authentication;

public abstract class NewDeviceTests(AdminApp app)
{
    private const string Cookie = "AdminConsole.Device";

    [Fact]
    public async Task A_browser_is_new_once_for_each_user()
    {
        var (ana, ben) = (await app.CreateUserAsync(password: TestData.Password), await app.CreateUserAsync(password: TestData.Password));
        using var browser = app.Anonymous();

        await SignInAsync(browser, ana);
        var key = browser.Cookies.GetCookies(app.Root)[Cookie]!.Value;
        await SignInAsync(browser, ana);
        await SignInAsync(browser, ben);
        await SignInAsync(browser, ana);

        Assert.Equal([true, false, false], await NewAsync(ana));
        Assert.Equal([true], await NewAsync(ben));
        Assert.Equal(key, browser.Cookies.GetCookies(app.Root)[Cookie]!.Value);
        Assert.DoesNotContain(key, string.Join('\n', await app.Database.QueryAsync("""SELECT * FROM "KnownBrowsers" """)));
    }

    [Fact]
    public async Task A_browser_key_that_was_never_issued_is_replaced()
    {
        var user = await app.CreateUserAsync(password: TestData.Password);
        var planted = new string('x', 43);
        using var browser = app.Anonymous();
        browser.Cookies.Add(new Cookie(Cookie, planted, "/", app.Root.Host));

        var answer = await SignInAsync(browser, user);

        Assert.NotEqual(planted, browser.Cookies.GetCookies(app.Root)[Cookie]!.Value);
        var cookie = Assert.Single(answer.SetCookies, cookie => cookie.StartsWith(Cookie, StringComparison.Ordinal));
        Assert.Contains("httponly", cookie);
        Assert.Contains("samesite=lax", cookie);
        Assert.Contains("max-age=31536000", cookie);
    }

    [Fact]
    public async Task A_failed_sign_in_makes_no_browser_known()
    {
        var user = await app.CreateUserAsync(password: TestData.Password);
        using var browser = app.Anonymous();

        var failed = await browser.PostAsync("/api/auth/login", new { login = user.Email, password = "wrong" });

        failed.Refuses(401, "invalid_credentials");
        Assert.Empty(failed.SetCookies);
        Assert.False(await app.ReadAsync(db => db.KnownBrowsers.AnyAsync(known => known.UserId == user.Id)));
    }

    [Fact]
    public async Task A_browser_not_seen_for_a_year_is_removed()
    {
        var user = await app.CreateUserAsync(password: TestData.Password);
        using var browser = await app.SignInAsync(user.Email!);

        app.Clock.Advance(TimeSpan.FromDays(366));
        await app.Services.GetRequiredService<Housekeeping>().RunOnceAsync(default);

        Assert.False(await app.ReadAsync(db => db.KnownBrowsers.AnyAsync(known => known.UserId == user.Id)));
    }

    private static async Task<ApiResponse> SignInAsync(ApiClient browser, UserDetails user) =>
        (await browser.PostAsync("/api/auth/login", new { login = user.Email, password = TestData.Password })).Is(200);

    private async Task<List<bool>> NewAsync(UserDetails user)
    {
        using var admin = await app.SignInAdminAsync();
        var events = (await admin.GetAsync($"/api/audit?action=auth.signed_in&actor={user.Id}")).As<Page<AuditEntry>>().Items;
        return [.. events.Reverse().Select(entry => entry.Details!.Value.GetProperty("newDevice").GetBoolean())];
    }

    public sealed class OnSqlite(SqliteApp app) : NewDeviceTests(app), IClassFixture<SqliteApp>;

    public sealed class OnPostgres(PostgresApp app) : NewDeviceTests(app), IClassFixture<PostgresApp>;
}
