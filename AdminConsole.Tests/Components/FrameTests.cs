using AdminConsole.Components.Layout;
using AdminConsole.Components.Controls;
using AdminConsole.Core.Security;
using Bunit;

namespace AdminConsole.Tests.Components;

public sealed class FrameTests : BunitContext
{
    private static Actor Holder(params string[] permissions) => new() { Name = "somebody", Via = Via.Session, UserId = Guid.CreateVersion7(), Permissions = permissions.ToHashSet() };

    [Fact]
    public void A_field_is_tied_to_its_label_and_its_hint()
    {
        var field = Render<FormField>(parameters => parameters.Add(part => part.Name, "Form.Password").Add(part => part.Label, "Password").Add(part => part.Type, "password").Add(part => part.Hint, "At least 12"));

        var input = field.Find("input");
        Assert.Equal(input.Id, field.Find("label").GetAttribute("for"));
        Assert.Equal(("Form.Password", "password"), (input.GetAttribute("name"), input.GetAttribute("type")));
        Assert.Equal("At least 12", field.Find($"#{input.GetAttribute("aria-describedby")}").TextContent);
    }

    [Theory]
    [InlineData("users", Permissions.UsersRead)]
    [InlineData("audit", Permissions.AuditRead)]
    public void The_navigation_shows_only_what_one_may_see(string url, string permission)
    {
        var without = Render<NavMenu>(parameters => parameters.Add(menu => menu.Actor, Holder()));
        var with = Render<NavMenu>(parameters => parameters.Add(menu => menu.Actor, Holder(permission)));

        Assert.Empty(without.FindAll($"a[href='{url}']"));
        Assert.Single(with.FindAll($"a[href='{url}']"));
    }

    [Fact]
    public void While_the_password_must_be_changed_the_navigation_offers_nothing_else()
    {
        var menu = Render<NavMenu>(parameters => parameters.Add(part => part.Actor, Holder(Permissions.UsersRead) with { MustChangePassword = true }));

        Assert.Empty(menu.FindAll("a[href='users']"));
    }

    [Fact]
    public void While_a_second_factor_is_due_the_navigation_offers_setting_it_up()
    {
        var menu = Render<NavMenu>(parameters => parameters.Add(part => part.Actor, Holder(Permissions.UsersRead) with { MustEnrol = true }));

        Assert.Empty(menu.FindAll("a[href='users']"));
        Assert.Single(menu.FindAll("a[href='account/security']"));
    }
}
