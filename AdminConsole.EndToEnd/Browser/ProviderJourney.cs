using AdminConsole.Core.Common;
using AdminConsole.Tests.Identity;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace AdminConsole.EndToEnd.Browser;

/// <summary>A user links an identity provider, signs in with it, and unlinks it.</summary>
public sealed class ProviderJourney(Chromium chromium)
{
    [Fact]
    public async Task An_identity_provider_is_linked_signs_in_and_is_unlinked()
    {
        await using var provider = await TestProvider.StartAsync();
        await using var app = await AdminApp.StartAsync(DatabaseProvider.Sqlite, services: provider.AddTo);
        await app.CreateUserAsync(TestData.AdminEmail, TestData.Password, "Admin");
        var user = await app.CreateUserAsync(password: TestData.Password);
        await using var visitor = await BrowserSession.StartAsync(chromium, app);
        await visitor.Page.GotoAsync("/login");
        await visitor.IsAccessibleAsync();
        await visitor.Page.GetByRole(AriaRole.Link, new() { Name = "Continue with Example account" }).ClickAsync();
        await Expect(visitor.Page.GetByText("No account is linked to this sign-in.")).ToBeVisibleAsync();

        await visitor.SignInByFormAsync(user.Email!);
        await visitor.OpenPageAsync("/account/security");
        await visitor.IsAccessibleAsync();
        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Link Example account", Exact = true }).ClickAsync();
        await Expect(visitor.Page.GetByText("ana@elsewhere.example")).ToBeVisibleAsync();
        await visitor.IsAccessibleAsync();
        await visitor.Button("Link").ClickAsync();
        await visitor.IsAtAsync("**/account/security");
        await Expect(visitor.Button("Unlink Example account")).ToBeVisibleAsync();
        await visitor.IsAccessibleAsync();

        await visitor.SignOutAsync();
        await visitor.Page.GotoAsync("/login?returnUrl=/account/security");
        await visitor.Page.GetByRole(AriaRole.Link, new() { Name = "Continue with Example account" }).ClickAsync();
        await visitor.IsAtAsync("**/account/security");
        await visitor.OpenPageAsync("/account/sessions");
        await Expect(visitor.Page.GetByText("Identity provider").First).ToBeVisibleAsync();
        await visitor.OpenPageAsync("/account/security");
        await visitor.Button("Unlink Example account").ClickAsync();
        await visitor.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Unlink" }).ClickAsync();
        await Expect(visitor.Page.GetByText("Example account unlinked.")).ToBeVisibleAsync();
        await Expect(visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Link Example account", Exact = true })).ToBeVisibleAsync();
    }
}
