using AdminConsole.Components.Pages.Account;
using AdminConsole.Components.Pages.Users;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Email;
using AdminConsole.Core.Passwords;
using AdminConsole.Core.Security;
using AdminConsole.Core.Users;
using Bunit;
using Microsoft.EntityFrameworkCore;
using MudBlazor;

namespace AdminConsole.Tests.Components;

/// <summary>Where an account has no email, nothing offers mail.</summary>
public sealed class NoEmailPartsTests(SqliteApp app) : BunitContext, IClassFixture<SqliteApp>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task The_form_creates_a_user_with_a_username_alone()
    {
        await PrepareAsync();
        var name = Some.Name("kim");
        var form = Render<UserForm>(part => part.Add(one => one.Roles, ["Admin", "User"]));
        Assert.False(form.Find("#field-email").HasAttribute("required"));
        Assert.Equal("Optional. An account without an email gets no mail.", form.Find("#field-email-note").TextContent);
        Assert.Equal("Defaults to the email. Required without one.", form.Find("#field-userName-note").TextContent);
        Assert.Contains("invitation", Checks(form), StringComparison.Ordinal);

        // An invitation chosen before is not sent where there is nowhere to send it.
        form.Find("label.check input").Change(true);
        form.Find("#field-userName").Change(name);
        Assert.DoesNotContain("invitation", Checks(form), StringComparison.Ordinal);
        form.Find("form").Submit();

        form.WaitForAssertion(() => Assert.Equal($"{name} is created.", Assert.Single(Notices())), Patience);
        var made = await app.ReadAsync(db => db.Users.SingleAsync(user => user.UserName == name));
        Assert.Null(made.Email);
        Assert.Empty(await app.ReadAsync(db => db.PasswordResets.Where(reset => reset.UserId == made.Id).ToListAsync()));
    }

    [Fact]
    public async Task The_form_offers_the_invitation_again_once_there_is_an_email()
    {
        await PrepareAsync();
        var form = Render<UserForm>(part => part.Add(one => one.Roles, ["User"]));
        form.Find("#field-userName").Change(Some.Name("kim"));
        Assert.DoesNotContain("invitation", Checks(form), StringComparison.Ordinal);

        form.Find("#field-email").Change(Some.Email());

        Assert.Contains("invitation", Checks(form), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_form_says_which_name_is_missing()
    {
        await PrepareAsync();
        var form = Render<UserForm>(part => part.Add(one => one.Roles, ["User"]));

        form.Find("form").Submit();

        var expected = "Enter an email, or a username for an account without one.";
        form.WaitForAssertion(() => Assert.Equal(expected, form.Find("#field-email-note").TextContent), Patience);
        Assert.Empty(Notices());
    }

    [Fact]
    public async Task The_form_saves_an_account_that_stays_without_an_email()
    {
        await PrepareAsync();
        var user = await CreateAsync();
        var form = Render<UserForm>(part => part.Add(one => one.User, user));
        Assert.False(form.Find("#field-email").HasAttribute("required"));
        Assert.Equal("Optional. An account without an email gets no mail.", form.Find("#field-email-note").TextContent);

        form.Find("#field-displayName").Change("Kim Quill");
        form.Find("form").Submit();

        form.WaitForAssertion(() => Assert.Equal($"{user.UserName} is saved.", Assert.Single(Notices())), Patience);
        var saved = await app.ReadAsync(db => db.Users.SingleAsync(row => row.Id == user.Id));
        Assert.Equal((null, "Kim Quill"), (saved.Email, saved.DisplayName));
    }

    [Fact]
    public async Task The_form_requires_the_email_of_an_account_that_has_one()
    {
        await PrepareAsync();
        var user = await app.CreateUserAsync();

        var form = Render<UserForm>(part => part.Add(one => one.User, user));

        Assert.True(form.Find("#field-email").HasAttribute("required"));
        Assert.Equal("", form.Find("#field-email-note").TextContent);
    }

    [Fact]
    public async Task The_profile_says_so_and_how_to_get_one()
    {
        var user = await CreateAsync(Some.Password);

        var page = await RenderProfileAsync(user.UserName);

        var email = page.FindAll("dd")[0];
        Assert.Equal(Words.NoEmail, email.FirstChild!.TextContent.Trim());
        Assert.Equal("Only administrators can add one. Without it, you get no mail.", email.QuerySelector(".hint")!.TextContent);
        Assert.Equal("You sign in with it. Only administrators can change it.", page.Find("#field-userName-note").TextContent);
        // Nothing to send one, and nowhere to type one.
        Assert.Empty(page.FindAll("input[type=email], [name=email], #field-email, a[href^='mailto:']"));
        Assert.Equal("Save", Assert.Single(page.FindAll("button")).TextContent);
    }

    [Fact]
    public async Task The_profile_of_an_account_with_an_email_shows_it()
    {
        var user = await app.CreateUserAsync(null, Some.Password);

        var page = await RenderProfileAsync(user.Email!);

        var email = page.FindAll("dd")[0];
        Assert.Equal(user.Email, email.FirstChild!.TextContent.Trim());
        Assert.Equal("Only administrators can change it.", email.QuerySelector(".hint")!.TextContent);
        Assert.Equal(
            "You sign in with it, or with your email. Only administrators can change it.", page.Find("#field-userName-note").TextContent);
    }

    [Fact]
    public async Task A_reset_link_must_be_handed_over_also_where_there_is_a_mail_server()
    {
        await PrepareAsync(withMail: true);
        var user = await CreateAsync();
        var dialog = Render<ResetLinkDialog>(part => part.Add(one => one.User, user));
        Assert.Contains("This account has no email.", dialog.Markup, StringComparison.Ordinal);
        Assert.Contains("Hand it over", dialog.Markup, StringComparison.Ordinal);
        AssertNoMail(dialog);

        dialog.Find("form").Submit();

        dialog.WaitForElement(".revealed", Patience);
        Assert.Contains(user.UserName, dialog.Find(".revealed code").TextContent, StringComparison.Ordinal);
        Assert.Contains("This is the only time the link is shown.", dialog.Markup, StringComparison.Ordinal);
        AssertNoMail(dialog);
    }

    [Fact]
    public async Task A_reset_link_is_mailed_to_an_account_with_an_email()
    {
        await PrepareAsync(withMail: true);
        var user = await app.CreateUserAsync();
        var dialog = Render<ResetLinkDialog>(part => part.Add(one => one.User, user));
        Assert.Contains("mailed", dialog.Markup, StringComparison.Ordinal);
        Assert.DoesNotContain("no email", dialog.Markup, StringComparison.Ordinal);
        Assert.DoesNotContain("Hand it over", dialog.Markup, StringComparison.Ordinal);

        dialog.Find("form").Submit();

        dialog.WaitForElement(".revealed", Patience);
        Assert.Contains($"A mail to {user.Email} is on its way.", dialog.Markup, StringComparison.Ordinal);
    }

    // "This account has no email" is all that it says about mail. The link is not what it says.
    private static void AssertNoMail(IRenderedComponent<ResetLinkDialog> dialog) => Assert.DoesNotContain(
        dialog.FindAll("p:not(.revealed), button").Select(part => part.TextContent),
        text => text != "This account has no email." && text.Contains("mail", StringComparison.OrdinalIgnoreCase));

    private static string Checks(IRenderedComponent<UserForm> form) =>
        string.Join(", ", form.FindAll("label.check").Select(label => label.TextContent.Trim()));

    private IEnumerable<string?> Notices() => Services.GetRequiredService<ISnackbar>().ShownSnackbars.Select(notice => notice.Message);

    private async Task<UserDetails> CreateAsync(string? password = null)
    {
        using var admin = await app.SignInAdminAsync();
        return (await admin.PostAsync("/api/users", new { userName = Some.Name("kim"), password })).Is(201).As<UserDetails>();
    }

    private async Task PrepareAsync(bool withMail = false)
    {
        var session = await AppServices.SessionAsync(app, Some.AdminEmail);
        AppServices.Of(this, app, new AppServices.SignedIn(session)).Add<UserLifecycle>().Add<PasswordResets>();
        var settings = app.Services.GetRequiredService<ConsoleSettings>();
        var server = new SmtpOptions("localhost", 25, SmtpSecurity.None, "console@example.com");
        Services.AddSingleton(withMail ? settings with { Mail = server } : settings);
    }

    private async Task<IRenderedComponent<ProfilePage>> RenderProfileAsync(string signInName)
    {
        var session = await AppServices.SessionAsync(app, signInName);
        AppServices.Of(this, app, new AppServices.SignedIn(session)).Add<OwnProfile>();
        var actor = await app.RunAsync<Actors, Actor?>(actors => actors.BySessionAsync(session, new AdminConsole.Core.Security.Origin(null, null, "test"), default));
        var page = Render<ProfilePage>(part => part.AddCascadingValue(actor!));
        page.WaitForElement("dd", Patience);
        return page;
    }
}
