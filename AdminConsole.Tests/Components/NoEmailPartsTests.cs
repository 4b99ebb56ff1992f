using AdminConsole.Circuits;
using AdminConsole.Components.Pages.Account;
using AdminConsole.Components.Pages.Users;
using AdminConsole.Core.Account;
using AdminConsole.Core.Authentication;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Data;
using AdminConsole.Core.Email;
using AdminConsole.Core.Security;
using AdminConsole.Core.Users;
using AdminConsole.Startup;
using Bunit;
using Microsoft.EntityFrameworkCore;
using MudBlazor;

namespace AdminConsole.Tests.Components;

/// <summary>Components for an account without an email offer no email operations.</summary>
public sealed class NoEmailPartsTests(SqliteApp app) : ControlContext, IClassFixture<SqliteApp>
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task The_dialog_creates_a_user_with_a_username_alone()
    {
        await PrepareAsync();
        var name = TestData.Name("kim");
        await OpenNewAsync();
        Assert.False(Dialogs.Find("#field-email").HasAttribute("required"));
        Assert.Equal("Optional with a username. Accounts without an email get no mail.", Dialogs.Find("#field-email-note").TextContent);

        Dialogs.Find("#field-userName").Change(name);
        Dialogs.Find("form").Submit();

        Dialogs.WaitForAssertion(() => Assert.Contains("Create another", Dialogs.Markup, StringComparison.Ordinal), Timeout);
        var made = await app.ReadAsync(db => db.Users.SingleAsync(user => user.UserName == name));
        Assert.Null(made.Email);
        Assert.DoesNotContain("sent", Dialogs.Find("[role=status]").TextContent, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task An_email_invitation_is_offered_only_with_an_email()
    {
        await PrepareAsync(withMail: true);
        await OpenNewAsync();
        Assert.False(Invitation().HasAttribute("disabled"));

        Dialogs.Find("#field-userName").Change(TestData.Name("kim"));
        Assert.True(Invitation().HasAttribute("disabled"));

        Dialogs.Find("#field-email").Change(TestData.Email());
        Assert.False(Invitation().HasAttribute("disabled"));
    }

    [Fact]
    public async Task The_dialog_names_the_missing_field()
    {
        await PrepareAsync();
        await OpenNewAsync();

        Dialogs.Find("form").Submit();

        var expected = "Enter an email, or a username for an account without one.";
        Dialogs.WaitForAssertion(() => Assert.Equal(expected, Dialogs.Find("#field-email-note").TextContent), Timeout);
    }

    [Fact]
    public async Task An_account_can_be_saved_and_stay_without_an_email()
    {
        await PrepareAsync();
        var user = await CreateAsync();
        var closed = await OpenAsync<EditUserDialog>("Edit", new DialogParameters { ["User"] = user });
        Assert.False(Dialogs.Find("#field-email").HasAttribute("required"));
        Assert.Equal("Optional. Accounts without an email get no mail.", Dialogs.Find("#field-email-note").TextContent);

        Dialogs.Find("#field-displayName").Change("Kim Quill");
        Dialogs.Find("form").Submit();

        Assert.Equal(true, await closed.WaitAsync(Timeout, Xunit.TestContext.Current.CancellationToken));
        var saved = await app.ReadAsync(db => db.Users.SingleAsync(row => row.Id == user.Id));
        Assert.Equal((null, "Kim Quill"), (saved.Email, saved.DisplayName));
    }

    [Fact]
    public async Task The_email_of_an_account_that_has_one_is_required()
    {
        await PrepareAsync();
        var user = await app.CreateUserAsync();

        await OpenAsync<EditUserDialog>("Edit", new DialogParameters { ["User"] = user });

        Assert.True(Dialogs.Find("#field-email").HasAttribute("required"));
        Assert.Equal("", Dialogs.Find("#field-email-note").TextContent);
    }

    [Fact]
    public async Task A_profile_without_an_email_explains_how_to_add_one()
    {
        var user = await CreateAsync(TestData.Password);

        var page = await RenderProfileAsync(user.UserName);

        var email = page.FindAll("dd")[0];
        Assert.Equal(SharedTexts.NoEmail, email.FirstChild!.TextContent.Trim());
        Assert.Equal("Without an email, you don't get any mail.", email.QuerySelector(".hint")!.TextContent);
        Assert.Equal("Add email", email.QuerySelector("button")!.TextContent);
        Assert.Equal("You sign in with it. Only administrators can change it.", page.Find("#page-userName-note").TextContent);
        // Nothing offers to send an email.
        Assert.Empty(page.FindAll("input[type=email], [name=email], #page-email, a[href^='mailto:']"));
    }

    [Fact]
    public async Task The_profile_of_an_account_with_an_email_shows_it()
    {
        var user = await app.CreateUserAsync(null, TestData.Password);

        var page = await RenderProfileAsync(user.Email!);

        var email = page.FindAll("dd")[0];
        Assert.Equal(user.Email, email.FirstChild!.TextContent.Trim());
        Assert.Equal("Change email", email.QuerySelector("button")!.TextContent);
        Assert.Equal(
            "You can sign in with it, or with your email. Only administrators can change it.",
            page.Find("#page-userName-note").TextContent
        );
    }

    [Fact]
    public async Task A_reset_link_must_be_handed_over_also_where_there_is_a_mail_server()
    {
        await PrepareAsync(withMail: true);
        var user = await CreateAsync(TestData.Password);
        await OpenAsync<LinkDialog>("Create reset link", new DialogParameters { ["User"] = user });
        Assert.Contains("This account has no email. Send it to the user over a secure channel.", Dialogs.Markup, StringComparison.Ordinal);

        Dialogs.Find("form").Submit();

        Dialogs.WaitForAssertion(() => Assert.Contains("Copy the link now.", Dialogs.Markup, StringComparison.Ordinal), Timeout);
        Assert.DoesNotContain("Sent to", Dialogs.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_reset_link_is_mailed_to_an_account_with_an_email()
    {
        await PrepareAsync(withMail: true);
        var user = await app.CreateUserAsync(null, TestData.Password);
        await OpenAsync<LinkDialog>("Create reset link", new DialogParameters { ["User"] = user });
        Assert.Contains($"It is also sent to {user.Email}.", Dialogs.Markup, StringComparison.Ordinal);
        Assert.DoesNotContain("secure channel", Dialogs.Markup, StringComparison.Ordinal);

        Dialogs.Find("form").Submit();

        Dialogs.WaitForAssertion(() => Assert.Contains($"Sent to {user.Email}.", Dialogs.Markup, StringComparison.Ordinal), Timeout);
    }

    private AngleSharp.Dom.IElement Invitation() => Dialogs.Find("input[aria-label='Send invitation']");

    private async Task OpenNewAsync()
    {
        var session = await AppServices.SessionAsync(app, TestData.AdminEmail);
        var actor = await app.RunAsync<ActorResolver, Actor?>(actors =>
            actors.BySessionAsync(session, new AdminConsole.Core.Data.ClientInfo(null, null, "test"), default)
        );
        await OpenAsync<NewUserDialog>(
            "New user",
            new DialogParameters { ["Roles"] = Array.Empty<Core.Roles.RoleChoice>(), ["Actor"] = actor }
        );
    }

    private async Task<UserDetails> CreateAsync(string? password = null)
    {
        using var admin = await app.SignInAdminAsync();
        return (await admin.PostAsync("/api/users", new { userName = TestData.Name("kim"), password })).Is(201).As<UserDetails>();
    }

    private async Task PrepareAsync(bool withMail = false)
    {
        var session = await AppServices.SessionAsync(app, TestData.AdminEmail);
        AppServices.Of(this, app, new AppServices.SignedIn(session)).Add<UserLifecycle>().Add<PasswordResets>().Add<InvitationLinks>();
        var settings = app.Services.GetRequiredService<ConsoleSettings>();
        var server = new SmtpOptions("localhost", 25, SmtpSecurity.None, "console@example.com");
        Services.AddSingleton(withMail ? settings with { Mail = server } : settings);
        Services.AddScoped<AccessLinks>();
        Services.AddScoped<LostConnection>();
    }

    private async Task<IRenderedComponent<ProfilePage>> RenderProfileAsync(string signInName)
    {
        var session = await AppServices.SessionAsync(app, signInName);
        AppServices.Of(this, app, new AppServices.SignedIn(session)).Add<OwnProfile>().Add<EmailChanges>();
        var actor = await app.RunAsync<ActorResolver, Actor?>(actors =>
            actors.BySessionAsync(session, new AdminConsole.Core.Data.ClientInfo(null, null, "test"), default)
        );
        var page = Render<ProfilePage>(part => part.AddCascadingValue(actor!));
        page.WaitForElement("dd", Timeout);
        return page;
    }
}
