using AdminConsole.Components.Pages.Users;
using AdminConsole.Core.Contracts;
using Bunit;

namespace AdminConsole.Tests.Components;

public sealed class UserPartsTests : BunitContext
{
    public UserPartsTests() => Services.AddSingleton(TimeProvider.System);

    private static readonly UserDetails Ana = new()
    {
        Id = Guid.CreateVersion7(),
        Email = "ana@example.com",
        UserName = "ana@example.com",
        DisplayName = "Ana",
        Roles = ["Operator"],
        Active = true,
        MustChangePassword = false,
        HasPassword = true,
        MfaEnabled = false,
        CreatedAt = DateTimeOffset.UnixEpoch,
        UpdatedAt = DateTimeOffset.UnixEpoch,
    };

    [Fact]
    public void Every_role_is_a_chip_and_the_held_ones_are_pressed()
    {
        var row = Render<UserRow>(part => part.Add(one => one.User, Ana).Add(one => one.Roles, ["Admin", "Operator"]).Add(one => one.CanAssign, true));

        Assert.Equal(["false", "true"], row.FindAll(".chips button").Select(button => button.GetAttribute("aria-pressed")));
    }

    [Fact]
    public void Without_an_email_a_row_says_so_and_is_named_by_the_username()
    {
        var row = Render<UserRow>(part => part
            .Add(one => one.User, Ana with { Email = null, UserName = "ana.s" }).Add(one => one.Selectable, true).Add(one => one.CanWrite, true));

        Assert.Contains(row.FindAll("td"), cell => cell.TextContent == "No email");
        Assert.Equal("Select ana.s", row.Find("[data-select]").GetAttribute("aria-label"));
        Assert.Equal("ana.s is active", row.Find("[role=switch]").GetAttribute("aria-label"));
    }

    [Fact]
    public void A_chip_asks_for_its_role_and_changes_nothing_by_itself()
    {
        var asked = new List<UserGrid.RoleToggle>();
        var row = Render<UserRow>(part => part.Add(one => one.User, Ana).Add(one => one.Roles, ["Admin", "Operator"]).Add(one => one.CanAssign, true).Add(one => one.OnToggleRole, asked.Add));

        row.FindAll(".chips button")[0].Click();

        Assert.Equal([new UserGrid.RoleToggle(Ana, "Admin")], asked);
        Assert.Equal("false", row.FindAll(".chips button")[0].GetAttribute("aria-pressed"));
    }

    [Fact]
    public void Without_the_right_to_assign_only_the_held_roles_show_and_none_can_be_pressed()
    {
        var row = Render<UserRow>(part => part.Add(one => one.User, Ana).Add(one => one.Roles, ["Admin", "Operator"]));

        Assert.Empty(row.FindAll(".chips button"));
        Assert.Equal("Operator", row.Find(".chip").TextContent);
    }

    public static TheoryData<string, UserDetails> States => new()
    {
        { "Active", Ana },
        { "Inactive", Ana with { Active = false, LockedOutUntil = DateTimeOffset.MaxValue } },
        { "Locked out", Ana with { LockedOutUntil = DateTimeOffset.MaxValue } },
        { "New password due", Ana with { MustChangePassword = true } },
        { "No password yet", Ana with { HasPassword = false } },
    };

    [Theory]
    [MemberData(nameof(States))]
    public void The_state_says_what_keeps_a_user_out(string expected, UserDetails user)
    {
        var state = Render<UserRow>(part => part.Add(one => one.User, user).Add(one => one.CanWrite, true));

        Assert.Equal(expected, state.Find(".user-state").TextContent.Trim());
        Assert.Equal(user.Active ? "true" : "false", state.Find("[role=switch]").GetAttribute("aria-checked"));
    }

    [Fact]
    public void When_a_user_was_deactivated_is_a_column()
    {
        var view = new UserView { Columns = "deactivated" };

        var active = Render<UserRow>(part => part.Add(one => one.User, Ana).Add(one => one.View, view));
        var inactive = Render<UserRow>(part => part.Add(one => one.User, Ana with { Active = false, DeactivatedAt = DateTimeOffset.UnixEpoch }).Add(one => one.View, view));

        Assert.Empty(active.FindAll("time"));
        Assert.Equal("1970-01-01 00:00:00 UTC", inactive.Find("time").GetAttribute("title"));
        Assert.Contains(UserView.AllColumns, column => column.Name == "deactivated");
    }

    [Fact]
    public void A_row_is_drawn_again_only_when_something_of_it_is_another()
    {
        var bob = Ana with { Id = Guid.CreateVersion7(), Email = "bob@example.com", DisplayName = "Bob" };
        var grid = Render<UserGrid>(part => part.Add(one => one.Users, [Ana, bob]).Add(one => one.Actor, Some.System));
        var rows = grid.FindComponents<UserRow>();

        grid.Render(part => part.Add(one => one.Users, [Ana, bob with { DisplayName = "Robert" }]));

        Assert.Equal([1, 2], rows.Select(row => row.RenderCount));
        Assert.Contains("Robert", rows[1].Markup);
    }

    [Fact]
    public void What_is_typed_stays_while_an_older_search_comes_back()
    {
        var raised = new List<UserFilters.Choice>();
        var filters = Render<UserFilters>(part => part.Add(one => one.OnChanged, raised.Add));

        filters.Find("input").Input("a");
        filters.WaitForState(() => raised.Count == 1);
        filters.Find("input").Input("ab");
        filters.Render(part => part.Add(one => one.Search, "a"));

        Assert.Equal("ab", filters.Find("input").GetAttribute("value"));
    }

    [Fact]
    public void A_search_from_elsewhere_replaces_what_was_typed()
    {
        var filters = Render<UserFilters>(part => part.Add(one => one.Search, "ana"));

        filters.Render(part => part.Add(one => one.Search, "bob"));

        Assert.Equal("bob", filters.Find("input").GetAttribute("value"));
    }

    [Fact]
    public void Show_all_is_offered_only_where_something_is_filtered()
    {
        var raised = new List<UserFilters.Choice>();
        var filters = Render<UserFilters>(part => part.Add(one => one.OnChanged, raised.Add));
        Assert.Empty(filters.FindAll("button"));

        filters.Render(part => part.Add(one => one.State, "active"));
        filters.Find("button").Click();

        Assert.Equal([new UserFilters.Choice(null, null, null)], raised);
    }
}
