using AdminConsole.Authentication;
using AdminConsole.Components.Controls;
using AdminConsole.Components.Pages.Account;
using AdminConsole.Components.Pages.Roles;
using AdminConsole.Core.Account;
using AdminConsole.Core.Authentication;
using AdminConsole.Core.Changes;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Data;
using AdminConsole.Core.Roles;
using AdminConsole.Core.Security;
using Bunit;
using Microsoft.Extensions.Logging.Abstractions;

namespace AdminConsole.Tests.Components;

/// <summary>Edits on a role's page and concurrent changes.</summary>
public sealed class RolePageTests(SqliteApp app) : ControlContext, IClassFixture<SqliteApp>
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_change_notice_during_reauthentication_keeps_the_edits()
    {
        var role = await app.CreateRoleAsync("users.read");
        var page = await OpenAsync(role);
        await ToggleAsync(page, "View all sessions");
        using var received = new SemaphoreSlim(0);
        Render<RefreshOnChange>(part =>
            part.Add(
                    one => one.OnChanged,
                    () =>
                    {
                        received.Release();
                    }
                )
                .Add(one => one.When, RoleActions.Affects)
        );
        app.Clock.Advance(TimeSpan.FromMinutes(20));

        var saving = page.InvokeAsync(() => page.Find("form").SubmitAsync());
        Dialogs.WaitForElement("[data-dialog-title]", Timeout);
        // The second notification arrives after the page has handled the first.
        for (var changes = 0; changes < 2; changes++)
        {
            await AssignAsync("Operator");
            Assert.True(await received.WaitAsync(Timeout, Xunit.TestContext.Current.CancellationToken));
        }

        await Dialogs.InvokeAsync(() => Dialogs.FindAll(".mud-dialog-actions button")[0].Click());
        await saving;

        // A later notification only updates the number of users.
        await AssignAsync(role);
        page.WaitForAssertion(() => Assert.Equal("1 user", page.Find(".role-facts a").TextContent), Timeout);
        Assert.StartsWith("1 change", page.Find(".save-bar [role=status]").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_concurrent_save_is_not_overwritten_without_a_notification()
    {
        var role = await app.CreateRoleAsync("users.read");
        var page = await OpenAsync(role, receivesChanges: false);
        await ToggleAsync(page, "View all sessions");
        using var other = await app.SignInAdminAsync();
        var changed = new { name = role, permissions = new[] { "users.read", "audit.read" } };
        (await other.SendAsync(HttpMethod.Put, $"/api/roles/{role}", changed)).Is(200);

        await page.InvokeAsync(() => page.Find("form").SubmitAsync());

        page.WaitForAssertion(
            () => Assert.StartsWith("Someone else changed this role.", page.Find(".note.warning").TextContent.Trim()),
            Timeout
        );
        var saved = (await other.GetAsync($"/api/roles/{role}")).Is(200).As<RoleSummary>();
        Assert.Equal(["audit.read", "users.read"], saved.Permissions.Order());
    }

    [Fact]
    public async Task Navigating_to_another_role_focuses_the_heading()
    {
        var page = await OpenAsync("Operator");
        JSInterop.VerifyNotInvoke("Blazor._internal.domWrapper.focus");

        page.Render(part => part.Add(one => one.Name, "User"));

        page.WaitForAssertion(() => JSInterop.VerifyFocusAsyncInvoke(), Timeout);
        Assert.Equal("User", page.Find("h1").TextContent);
    }

    private static Task ToggleAsync(IRenderedComponent<RolePage> page, string permission) =>
        page.InvokeAsync(() =>
            page.FindAll(".permission")
                .Single(row => row.TextContent.Contains(permission, StringComparison.Ordinal))
                .QuerySelector("input")!
                .Change(true)
        );

    private async Task AssignAsync(string role)
    {
        using var admin = await app.SignInAdminAsync();
        var user = await app.CreateUserAsync();
        (await admin.PutAsync($"/api/users/{user.Id}/roles/{role}")).Is(200);
    }

    private async Task<IRenderedComponent<RolePage>> OpenAsync(string role, bool receivesChanges = true)
    {
        var session = await AppServices.SessionAsync(app, TestData.AdminEmail);
        AppServices
            .Of(this, app, new AppServices.SignedIn(session))
            .Add<RoleCatalog>()
            .Add<CustomRoles>()
            .Add<Reauthentication>()
            .Add<OwnLogins>()
            .Add<PasskeySignIn>()
            .Add<PasskeyCeremony>();
        if (!receivesChanges)
        {
            Services.AddSingleton(new ChangeFeed(NullLogger<ChangeFeed>.Instance));
        }

        Services.AddSingleton(app.Services.GetRequiredService<SignInStateCookies>());
        Services.AddScoped<PasskeyBrowser>();
        Services.AddScoped<RoleActions>();
        Services.AddScoped<RoleSaving>();
        var actor = await app.RunAsync<ActorResolver, Actor?>(actors =>
            actors.BySessionAsync(session, new ClientInfo(null, null, "test"), default)
        );
        _ = Dialogs;
        var page = Render<RolePage>(part => part.Add(one => one.Name, role).AddCascadingValue(actor!));
        page.WaitForElement("form", Timeout);
        return page;
    }
}
