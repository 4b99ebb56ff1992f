using AdminConsole.Components.Controls;
using AdminConsole.Components.Layout;
using AdminConsole.Core.Changes;
using AdminConsole.Core.Security;
using AdminConsole.Core.System;
using Bunit;

namespace AdminConsole.Tests.Components;

public sealed class FrameTests : BunitContext, IClassFixture<SqliteApp>, IAsyncLifetime
{
    private readonly SqliteApp app;

    public FrameTests(SqliteApp app)
    {
        this.app = app;
        Services.AddSingleton(app.Services.GetRequiredService<Attention>());
        Services.AddSingleton(app.Services.GetRequiredService<ChangeFeed>());
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task The_navigation_shows_required_actions_to_users_with_the_permission()
    {
        var locked = await app.CreateUserAsync(password: TestData.Password);
        using var caller = app.Anonymous();
        for (var attempt = 0; attempt < 10; attempt++)
        {
            await caller.PostAsync("/api/auth/login", new { login = locked.Email, password = "wrong" });
        }

        var menu = Render<NavMenu>(parameters => parameters.Add(part => part.Actor, Holder(Permissions.UsersRead, Permissions.TokensRead)));

        menu.WaitForAssertion(() => Assert.Equal("1 locked", menu.Find("a[href='users'] .due").TextContent));
        Assert.Empty(menu.FindAll("a[href='tokens'] .due"));
        var attention = app.Services.GetRequiredService<Attention>();
        Assert.Equal(1, (await attention.GetAsync(Holder(Permissions.UsersRead), default)).LockedUsers);
        Assert.Equal(0, (await attention.GetAsync(Holder(Permissions.TokensRead), default)).LockedUsers);

        using var admin = await app.SignInAdminAsync();
        (await admin.PostAsync($"/api/users/{locked.Id}/unlock")).Is(200);
        menu.WaitForState(() => menu.FindAll(".due").Count == 0);
    }

    async ValueTask IAsyncDisposable.DisposeAsync() => await DisposeAsync();

    private static Actor Holder(params string[] permissions) =>
        new()
        {
            Name = "holder",
            Via = AuthenticationMethod.Session,
            UserId = Guid.CreateVersion7(),
            EffectivePermissions = permissions.ToHashSet(),
        };

    [Fact]
    public void A_field_is_tied_to_its_label_and_its_hint()
    {
        var field = Render<FormField>(parameters =>
            parameters
                .Add(part => part.Name, "Form.Password")
                .Add(part => part.Label, "Password")
                .Add(part => part.Type, "password")
                .Add(part => part.Hint, "At least 12")
        );

        var input = field.Find("input");
        Assert.Equal(input.Id, field.Find("label").GetAttribute("for"));
        Assert.Equal(("Form.Password", "password"), (input.GetAttribute("name"), input.GetAttribute("type")));
        Assert.Equal("At least 12", field.Find($"#{input.GetAttribute("aria-describedby")}").TextContent);
    }

    [Theory]
    [InlineData("users", Permissions.UsersRead)]
    [InlineData("audit", Permissions.AuditRead)]
    public void The_navigation_shows_only_permitted_pages(string url, string permission)
    {
        var without = Render<NavMenu>(parameters => parameters.Add(menu => menu.Actor, Holder()));
        var with = Render<NavMenu>(parameters => parameters.Add(menu => menu.Actor, Holder(permission)));

        Assert.Empty(without.FindAll($"a[href='{url}']"));
        Assert.Single(with.FindAll($"a[href='{url}']"));
    }

    [Fact]
    public void While_the_password_must_be_changed_the_navigation_offers_nothing_else()
    {
        var menu = Render<NavMenu>(parameters =>
            parameters.Add(part => part.Actor, Holder(Permissions.UsersRead) with { MustChangePassword = true })
        );

        Assert.Empty(menu.FindAll("a[href='users']"));
    }

    [Fact]
    public void While_a_second_factor_is_required_only_the_account_menu_has_links()
    {
        var actor = Holder(Permissions.UsersRead) with { MustEnrol = true };

        var drawer = Render<NavMenu>(parameters => parameters.Add(part => part.Actor, actor));
        var account = Render<AccountMenu>(parameters => parameters.Add(part => part.Actor, actor));

        Assert.Empty(drawer.FindAll("a[href='users']"));
        Assert.Single(account.FindAll("a[href='account/security']"));
    }

    [Fact]
    public void The_account_menu_shows_the_signed_in_user_and_roles()
    {
        var menu = Render<AccountMenu>(parameters =>
            parameters.Add(part => part.Actor, Holder() with { Name = "Ana Souza", Roles = ["Admin", "User"] })
        );

        Assert.Equal("AS", menu.Find(".avatar").GetAttribute("data-initials"));
        Assert.Equal("Ana Souza Admin, User", menu.Find(".who").TextContent);
        Assert.Equal("Account of Ana Souza", menu.Find("summary").GetAttribute("aria-label"));
    }
}
