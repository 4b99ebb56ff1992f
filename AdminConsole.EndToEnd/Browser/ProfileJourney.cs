using AdminConsole.Tests.Email;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace AdminConsole.EndToEnd.Browser;

/// <summary>A user manages their own account: display name, email, and a password that is rated while it is
/// typed.</summary>
public sealed class ProfileJourney(Chromium chromium, SqliteApp app) : IClassFixture<SqliteApp>
{
    [Fact]
    public async Task A_name_is_saved_and_a_new_password_is_rated_while_typing()
    {
        var user = await app.CreateUserAsync(null, TestData.Password, await app.CreateRoleAsync("users.credentials"));
        await using var visitor = await BrowserSession.StartAsync(chromium, app);
        await visitor.SignInByFormAsync(user.Email!);
        await visitor.OpenAccountMenuAsync();
        await visitor.Page.GetByRole(AriaRole.Link, new() { Name = "Profile", Exact = true }).First.ClickAsync();

        await visitor.Page.GetByLabel("Display name").FillAsync("Ana Lima");
        await visitor.Button("Save").ClickAsync();
        await Expect(visitor.Page.GetByText("Profile saved.")).ToBeVisibleAsync();
        await visitor.Page.GetByLabel("Username").FillAsync("no spaces here");
        await visitor.Button("Save").ClickAsync();
        await Expect(visitor.Page.GetByText("Use only letters, digits and")).ToBeVisibleAsync();
        await visitor.IsAccessibleAsync();

        await visitor.Button("Discard").ClickAsync();
        await Expect(visitor.Page.GetByLabel("Username")).ToHaveValueAsync(user.UserName!);
        await visitor.Page.GetByLabel("Username").FillAsync("another.name");
        await visitor.Page.GetByRole(AriaRole.Heading, new() { Name = "Account" }).ClickAsync();
        await visitor.Page.GetByLabel("My account").GetByRole(AriaRole.Link, new() { Name = "Devices" }).ClickAsync();
        await visitor.IsAccessibleAsync();
        await visitor.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Discard" }).ClickAsync();
        await visitor.IsAtAsync("**/account/sessions");

        await visitor.OpenPageAsync("/account/password");
        var wish = visitor.Page.GetByLabel("New password");
        var strength = visitor.Page.Locator(".strength");
        foreach (
            var (typed, answer) in new[]
            {
                ("short", "7 more characters"),
                ("1234 1234 1234", "Add a letter"),
                ("only some letters", "Add a number"),
                ("aaaaaaaaaaa1", "Too repetitive: easy to guess"),
                ("fair enough 1", "Fair. 15 or more characters are stronger"),
                (TestData.NewPassword, "Good length"),
            }
        )
        {
            await wish.FillAsync(typed);
            await Expect(strength).ToHaveTextAsync(answer);
        }

        await visitor.IsAccessibleAsync();
    }

    [Fact]
    public async Task An_email_is_changed_by_a_link_to_the_new_address()
    {
        var (user, email) = (await app.CreateUserAsync(null, TestData.Password), TestData.Email("next"));
        await using var visitor = await (await BrowserSession.StartAsync(chromium, app)).SignInAsync(user.Email!);
        await visitor.OpenPageAsync("/account/profile");

        await visitor.Button("Change email").ClickAsync();
        var wish = visitor.Page.GetByLabel("New email");
        await wish.FillAsync(user.Email!);
        await visitor.Button("Send link").ClickAsync();
        await Expect(visitor.Page.GetByText("This is already your email.")).ToBeVisibleAsync();
        await visitor.IsAccessibleAsync();
        await wish.FillAsync(email);
        await visitor.Button("Send link").ClickAsync();
        await Expect(visitor.Page.GetByText($"Open the link we sent to {email}")).ToBeVisibleAsync();
        await visitor.IsAccessibleAsync();

        var link = (await app.MailsAsync("confirm-email", email))[0].Link;
        await using var other = await BrowserSession.StartAsync(chromium, app);
        await other.Page.GotoAsync(link.PathAndQuery);
        await other.IsAccessibleAsync();
        await other.Button("Confirm email").ClickAsync();
        await Expect(other.Page.GetByText($"Your account now uses {email}")).ToBeVisibleAsync();
        await other.IsAccessibleAsync();

        // The open page updates.
        await Expect(visitor.Page.GetByText("Open the link we sent")).ToHaveCountAsync(0);
        await Expect(visitor.Page.Locator("dl").GetByText(email)).ToBeVisibleAsync();
        await other.Page.GotoAsync(link.PathAndQuery);
        await other.Button("Confirm email").ClickAsync();
        await Expect(other.Page.Locator("#error-summary")).ToBeVisibleAsync();
    }
}
