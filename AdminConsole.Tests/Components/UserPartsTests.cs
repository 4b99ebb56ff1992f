using AdminConsole.Components.Layout;
using AdminConsole.Components.Pages.Users;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Roles;
using AdminConsole.Core.Security;
using Bunit;
using Microsoft.AspNetCore.Components;
using MudBlazor.Services;

namespace AdminConsole.Tests.Components;

public sealed class UserPartsTests : BunitContext, IAsyncLifetime
{
    internal static readonly RoleChoice[] Roles =
    [
        new("Admin", "Everything", [.. Permissions.All]),
        new("Operator", "Reads", [Permissions.UsersRead]),
        new("User", "Own account", [Permissions.ProfileRead]),
    ];

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

    private static readonly Actor Reader = TestData.System with { EffectivePermissions = new HashSet<string> { Permissions.UsersRead } };

    public UserPartsTests()
    {
        Services.AddSingleton(TimeProvider.System);
        Services.AddMudServices();
        JSInterop.Mode = JSRuntimeMode.Loose;
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public new async ValueTask DisposeAsync() => await base.DisposeAsync();

    [Fact]
    public void A_row_shows_two_roles_and_counts_the_others()
    {
        var row = RowOf(Ana with { Roles = ["Admin", "Operator", "User"] });

        Assert.Equal(["Admin", "Operator", "+1"], row.FindAll(".cell-roles .chip").Select(chip => chip.TextContent));
        Assert.Equal("Roles of ana@example.com: Admin, Operator, User", row.Find(".role-button").GetAttribute("aria-label"));
    }

    [Fact]
    public void A_row_without_roles_has_a_button_named_by_its_text()
    {
        var button = RowOf(Ana with { Roles = [] }).Find(".role-button");

        Assert.Equal("Add role", button.TextContent.Trim());
        Assert.Equal("Add role for ana@example.com", button.GetAttribute("aria-label"));
    }

    [Fact]
    public void Every_action_on_a_user_is_in_the_palette()
    {
        var menu = new UserMenu(null!, null!, null!);
        var texts = Statuses
            .Select(row => row.Data.Item2)
            .Append(Ana with { BreakGlass = true })
            .SelectMany(user => menu.For(user, TestData.System, Roles))
            .Select(entry => entry.Text.TrimEnd('…'))
            .Distinct();

        Assert.Equal(PaletteActions.Texts.Order(), texts.Order());
    }

    [Fact]
    public void A_row_without_an_email_states_it_and_is_named_by_the_username()
    {
        var row = RowOf(Ana with { Email = null, UserName = "ana.s" });

        Assert.Equal("No email", row.Find(".person-mail").TextContent);
        Assert.Equal("Select ana.s", row.Find("[data-select]").GetAttribute("aria-label"));
    }

    [Fact]
    public void The_roles_button_opens_the_assignment_and_changes_nothing_itself()
    {
        var asked = new List<UserItem>();
        var item = new UserItem(Ana);
        var grid = Grid(TestData.System) with { OnRoles = EventCallback.Factory.Create<UserItem>(this, asked.Add) };
        var row = Render<UserRow>(part => part.Add(one => one.Item, item).Add(one => one.Grid, grid));

        row.Find(".role-button").Click();

        Assert.Equal([item], asked);
        Assert.Equal(["Operator"], item.User.Roles);
    }

    [Fact]
    public void Without_the_permission_to_assign_roles_are_plain_text()
    {
        var row = RowOf(Ana, Reader);

        Assert.Empty(row.FindAll(".cell-roles button"));
        Assert.Equal("Operator", row.Find(".chip").TextContent);
        Assert.Empty(row.FindAll("[data-select]"));
    }

    public static TheoryData<string, UserDetails> Statuses =>
        new()
        {
            { "Active", Ana },
            { "Deactivated", Ana with { Active = false, LockedOutUntil = DateTimeOffset.MaxValue } },
            { "Deactivated until 1 Jan 1970", Ana with { Active = false, DeactivatedUntil = DateTimeOffset.UnixEpoch } },
            { "Locked down", Ana with { Active = false, LockedDownAt = DateTimeOffset.UnixEpoch } },
            { "Locked", Ana with { LockedOutUntil = DateTimeOffset.MaxValue } },
            { "Locked until 00:00 UTC", Ana with { LockedOutUntil = DateTimeOffset.UnixEpoch } },
            { "Password change required", Ana with { MustChangePassword = true } },
            { "Invited", Ana with { HasPassword = false, InvitedUntil = DateTimeOffset.MaxValue } },
            { "No password", Ana with { HasPassword = false } },
            { "Duplicate name", Ana with { EmailConflict = true } },
        };

    [Theory]
    [MemberData(nameof(Statuses))]
    public void The_status_is_a_word_with_an_icon(string expected, UserDetails user)
    {
        var row = RowOf(user);

        Assert.Equal(expected, row.Find(".cell-status").TextContent.Trim());
        Assert.NotNull(row.Find(".cell-status svg"));
    }

    [Fact]
    public void When_a_user_was_deactivated_is_a_column()
    {
        var grid = Grid(TestData.System, new UserView { Columns = "deactivated" });

        var active = Render<UserRow>(part => part.Add(one => one.Item, new UserItem(Ana)).Add(one => one.Grid, grid));
        var inactive = Render<UserRow>(part =>
            part.Add(one => one.Item, new UserItem(Ana with { Active = false, DeactivatedAt = DateTimeOffset.UnixEpoch }))
                .Add(one => one.Grid, grid)
        );

        Assert.Empty(active.FindAll("time"));
        Assert.Equal("1970-01-01 00:00:00 UTC", inactive.Find("time").GetAttribute("title"));
        Assert.Contains(UserView.AllColumns, column => column.Name == "deactivated");
    }

    // Blazor keeps frames in arrays of 32, 64, 128…, and each open page has up to 100 rows.
    [Fact]
    public async Task A_row_takes_at_most_64_frames_of_the_render_tree()
    {
        var user = Ana with
        {
            Roles = ["Admin", "Auditor", "Operator"],
            DeactivatedReason = "Left",
            Active = false,
            LastSignInAt = DateTimeOffset.UnixEpoch,
        };
        await using var counter = new FrameCounter(Services);

        var frames = await counter.CountAsync<UserRow>(
            new() { [nameof(UserRow.Item)] = new UserItem(user), [nameof(UserRow.Grid)] = Grid(TestData.System) }
        );

        Assert.InRange(frames, 1, 64);
    }

    [Fact]
    public void Names_are_encoded_in_ready_made_markup()
    {
        var row = RowOf(Ana with { DisplayName = "<i>", Roles = ["<b>R&D"] });

        Assert.Equal("<b>R&D", row.Find(".chip").TextContent);
        Assert.Equal("<", row.Find(".avatar").TextContent);
    }

    [Fact]
    public async Task A_change_of_one_user_redraws_their_row_alone()
    {
        Render<MudBlazor.MudPopoverProvider>();
        UserItem[] items = [new(Ana), new(Ana with { Id = Guid.CreateVersion7(), Email = "bob@example.com", DisplayName = "Bob" })];
        var grid = Render<UserGrid>(part => part.Add(one => one.Items, items).Add(one => one.Grid, Grid(TestData.System)));
        var rows = grid.FindComponents<UserRow>();
        var before = grid.RenderCount;

        await grid.InvokeAsync(() => items[1].Show(items[1].User with { DisplayName = "Robert" }, isChanged: true));

        Assert.Equal([1, 2], rows.Select(row => row.RenderCount));
        Assert.Contains("Robert", rows[1].Markup);
        Assert.NotNull(rows[1].Find("[data-changed]"));
        Assert.Single(grid.FindAll("[data-row][tabindex='0']"));
        Assert.InRange(grid.RenderCount, before, before + 1);
    }

    [Fact]
    public void The_sorted_column_has_aria_sort()
    {
        var grid = Render<UserGrid>(part =>
            part.Add(one => one.Items, [new UserItem(Ana)]).Add(one => one.Grid, Grid(TestData.System, new UserView { Sort = "-email" }))
        );

        Assert.Equal("descending", grid.Find("th.cell-person").GetAttribute("aria-sort"));
        Assert.Equal("none", grid.Find("th.cell-time").GetAttribute("aria-sort"));
    }

    [Fact]
    public void Shift_selects_everything_since_the_last_click()
    {
        var rows = Enumerable.Range(0, 5).Select(_ => new UserItem(Ana with { Id = Guid.CreateVersion7() })).ToList();
        var selection = new UserSelection();

        selection.Click(new(rows[1].Id, IsRange: false), rows);
        selection.Click(new(rows[3].Id, IsRange: true), rows);
        Assert.Equal(rows[1..4].Select(row => row.Id).Order(), selection.Ids.Order());
        selection.Click(new(rows[2].Id, IsRange: false), rows);

        Assert.Equal(new[] { rows[1].Id, rows[3].Id }.Order(), selection.Ids.Order());
    }

    [Fact]
    public void Operations_that_would_be_refused_are_not_offered()
    {
        var admin = Ana with { Roles = ["Admin"] };
        var helper = TestData.System with
        {
            UserId = Ana.Id,
            RolePermissions = new HashSet<string> { Permissions.UsersRead, Permissions.UsersWrite },
        };

        Assert.NotNull(UserRules.WhyNotManage(admin, helper, Roles));
        Assert.Null(UserRules.WhyNotManage(Ana, helper, Roles));
        Assert.Equal("You can't delete your own account.", UserRules.WhyNotManageOther(Ana, helper, Roles, "delete"));
        Assert.NotNull(UserRules.WhyNotAssign(Roles[0], Reader));
        Assert.Null(UserRules.WhyNotAssign(Roles[2], Reader));
        Assert.True(UserRules.IsPrivileged(admin, Roles));
        Assert.False(UserRules.IsPrivileged(Ana, Roles));
    }

    private static UserGridContext Grid(Actor actor, UserView? view = null) =>
        new()
        {
            View = view ?? new UserView(),
            Actor = actor,
            Roles = Roles,
            IsSelectable = actor.Can(Permissions.UsersWrite),
        };

    private IRenderedComponent<UserRow> RowOf(UserDetails user, Actor? actor = null) =>
        Render<UserRow>(part => part.Add(one => one.Item, new UserItem(user)).Add(one => one.Grid, Grid(actor ?? TestData.System)));
}
