using AdminConsole.Core.Common;
using AdminConsole.Tests.Email;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace AdminConsole.EndToEnd.Browser;

/// <summary>Password reset and reporting a sign-in, through the links of emails.</summary>
public sealed class MailJourney(Chromium chromium)
{
    [Fact]
    public async Task A_forgotten_password_is_reset_by_email_and_a_sign_in_reported_by_link()
    {
        await using var app = await AdminApp.StartAsync(DatabaseProvider.Sqlite);
        await app.CreateUserAsync(TestData.AdminEmail, TestData.Password, "Admin");
        var person = await app.SignedInUserAsync();
        await using var visitor = await BrowserSession.StartAsync(chromium, app, width: 390, height: 844);

        await visitor.Page.GotoAsync("/login");
        await visitor.Page.GetByText("Forgot password?").ClickAsync();
        await visitor.IsAccessibleAsync();
        await visitor.Page.GetByLabel("Email").FillAsync(person.Email);
        await visitor.Button("Send reset link").ClickAsync();
        await Expect(visitor.Page.GetByRole(AriaRole.Status)).ToContainTextAsync("it gets a link to set a new password");
        var reset = (await app.MailsAsync("password-reset", person.Email))[0];
        await visitor.Page.GotoAsync(reset.Link.PathAndQuery);
        await visitor.Page.GetByLabel("New password").FillAsync(TestData.NewPassword);
        await visitor.Button("Set password").ClickAsync();
        await Expect(visitor.Page.GetByText("Password set.")).ToBeVisibleAsync();
        await visitor.SignInByFormAsync(person.Email, TestData.NewPassword);

        var alert = (await app.MailsAsync("new-device", person.Email))[0];
        await using var owner = await BrowserSession.StartAsync(chromium, app);
        await owner.Page.GotoAsync(alert.Link.PathAndQuery);
        await owner.IsAccessibleAsync();
        await owner.Button("Lock my account").ClickAsync();
        await Expect(owner.Page.GetByRole(AriaRole.Heading, new() { Name = "Your account is locked" })).ToBeVisibleAsync();
        await visitor.IsAtAsync("**/login?*reason=deactivated");
    }

    [Fact]
    public async Task An_administrator_sees_the_status_of_mail_and_sends_a_test()
    {
        await using var app = await AdminApp.StartAsync(
            DatabaseProvider.Sqlite,
            settings: [("Mail:Host", "127.0.0.1"), ("Mail:Port", "1"), ("Mail:Security", "None"), ("Mail:From", "console@example.com")]
        );
        await app.CreateUserAsync(TestData.AdminEmail, TestData.Password, "Admin");
        await using var admin = await BrowserSession.StartAsync(chromium, app);
        await admin.SignInAsync();
        using var api = await app.SignInAdminAsync();
        (await api.PostAsync("/api/users", new { email = "stuck@example.com", invite = true })).Is(201);

        await admin.OpenPageAsync("/settings");
        await AdminApp.UntilAsync(
            async () =>
            {
                await admin.Button("Refresh").ClickAsync();
                return await admin.Page.GetByText("stuck@example.com").CountAsync() == 1;
            },
            "the stuck mail is listed"
        );
        await Expect(admin.Page.Locator(".mail-figures")).ToContainTextAsync("queued");
        await admin.IsAccessibleAsync();
        await admin.Button("Send test email").ClickAsync();
        await Expect(admin.Page.GetByText("The test email couldn't be sent")).ToBeVisibleAsync();
        await admin.Button("Retry the email to stuck@example.com").ClickAsync();
        await Expect(admin.Page.GetByText("Retrying 1 email.")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task An_invited_person_who_sets_a_password_is_signed_in()
    {
        await using var app = await AdminApp.StartAsync(DatabaseProvider.Sqlite);
        await app.CreateUserAsync(TestData.AdminEmail, TestData.Password, "Admin");
        using var api = await app.SignInAdminAsync();
        (
            await api.PostAsync(
                "/api/users",
                new
                {
                    email = "new@example.com",
                    invite = true,
                    roles = new[] { "Operator" },
                }
            )
        ).Is(201);
        var invitation = (await app.MailsAsync("invitation", "new@example.com"))[0];
        await using var visitor = await BrowserSession.StartAsync(chromium, app);

        await visitor.Page.GotoAsync(invitation.Link.PathAndQuery);
        await Expect(visitor.Page.GetByText("Choose a password for new@example.com.")).ToBeVisibleAsync();
        await visitor.IsAccessibleAsync();
        await visitor.Page.GetByLabel("Password").FillAsync(TestData.NewPassword);
        await visitor.Button("Set password and sign in").ClickAsync();

        await Expect(visitor.Page.GetByRole(AriaRole.Heading, new() { Name = "Overview" })).ToBeVisibleAsync();
        await Expect(visitor.Page.Locator("nav a[href='users']")).ToHaveCountAsync(1);
    }
}
