using AdminConsole.Components.Controls;
using AdminConsole.Components.Pages.Roles;
using AdminConsole.Components.Pages.Settings;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Security;
using Bunit;
using MudBlazor.Services;

namespace AdminConsole.Tests.Components;

/// <summary>Components of the Settings and Roles pages. MudBlazor's services can be disposed asynchronously
/// only.</summary>
public sealed class SettingsPartsTests : BunitContext, IAsyncLifetime
{
    private static readonly SettingInfo Length = SettingInfo.All.Single(setting => setting.Name == "passwordMinimumLength");

    private static readonly RoleSummary Helpdesk = new("Helpdesk", "Helps", false, ["users.credentials", "users.read"], 12);

    public SettingsPartsTests()
    {
        JSInterop.Mode = JSRuntimeMode.Loose;
        Services.AddMudServices();
        Services.AddScoped<ConsoleDialogs>();
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    ValueTask IAsyncDisposable.DisposeAsync() => new(DisposeAsync().AsTask());

    private static Actor Holder(params string[] permissions) =>
        new()
        {
            Name = "Ana",
            Via = AuthenticationMethod.Session,
            UserId = Guid.CreateVersion7(),
            EffectivePermissions = permissions.ToHashSet(),
        };

    [Fact]
    public void A_number_shows_its_limits_unit_default_and_a_reset()
    {
        var values = new List<int?>();
        var part = Render<SettingField>(field =>
            field.Add(one => one.Info, Length).Add(one => one.Value, 20).Add(one => one.ValueChanged, values.Add)
        );

        var input = part.Find("input");
        Assert.Equal(("12", "64", "20"), (input.GetAttribute("min"), input.GetAttribute("max"), input.GetAttribute("value")));
        Assert.Equal("characters", part.Find(".unit").TextContent);
        Assert.Equal(input.Id, part.Find("label").GetAttribute("for"));
        part.Find("button").Click();
        Assert.Equal([12], values);
    }

    [Fact]
    public void At_its_default_there_is_nothing_to_reset() =>
        Assert.Empty(Render<SettingField>(field => field.Add(one => one.Info, Length).Add(one => one.Value, 12)).FindAll("button"));

    [Fact]
    public void Every_setting_of_the_api_is_on_the_page_with_limits()
    {
        var shown = SettingInfo.All.Select(setting => setting.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var others = typeof(SystemSettings).GetProperties().Select(property => property.Name).Where(name => !shown.Contains(name));

        Assert.Equal(["OrganizationName", "ProviderRequiredRoles", "SecondFactorRequiredFrom", "SecondFactorRoles"], others.Order());
        Assert.All(SettingInfo.All, setting => Assert.InRange(setting.Default, setting.Minimum, setting.Maximum));
        Assert.All(SettingInfo.All, setting => Assert.Contains(SettingSections.All, section => section.Key == setting.Section));
    }

    [Fact]
    public void Changes_are_counted_by_section()
    {
        var saved = new SystemSettings();
        var draft = SettingsDraft.Of(saved);
        draft[Length] = 20;
        draft.Roles = ["Admin"];
        draft.Organization = " ";
        Assert.Equal(0, draft.ChangesIn(SettingSections.General, saved));
        draft.Organization = "Example Ltd";

        Assert.Equal(1, draft.ChangesIn(SettingSections.General, saved));
        Assert.Equal(1, draft.ChangesIn(SettingSections.Passwords, saved));
        Assert.Equal(1, draft.ChangesIn(SettingSections.TwoFactor, saved));
        Assert.Equal(3, draft.ChangesTo(saved));
        draft[Length] = null;
        Assert.Equal(Length, draft.FirstWrong());
    }

    [Theory]
    [InlineData(
        9860,
        312,
        7,
        "9,860 active users with Operator must use 2FA. 312 of them don't have it yet and must set it up within 7 days."
    )]
    [InlineData(
        1,
        1,
        0,
        "1 active user with Operator must use 2FA. 1 of them doesn't have it yet and must set it up before they can continue."
    )]
    [InlineData(5, 0, 7, "5 active users with Operator must use 2FA. All of them already have it.")]
    [InlineData(0, 0, 7, "0 active users with Operator must use 2FA.")]
    public void The_impact_of_requiring_two_factor_authentication_is_shown(int users, int without, int days, string expected) =>
        Assert.Equal(expected, SettingsSaving.Describe(new SecondFactorImpact(users, without, false, 7), ["Operator"], days));

    [Fact]
    public void The_impact_mentions_the_caller() =>
        Assert.Equal(
            "2 active users with Operator must use 2FA. All of them already have it. This includes you: set up 2FA or sign "
                + "in with a passkey.",
            SettingsSaving.Describe(new SecondFactorImpact(2, 0, true, 7), ["Operator"], 7)
        );

    [Theory]
    [InlineData(0, true)]
    [InlineData(1, false)]
    [InlineData(29, false)]
    [InlineData(30, true)]
    public void Events_are_kept_for_30_days_or_forever(int days, bool isRight)
    {
        var retention = SettingInfo.All.Single(setting => setting.Name == "auditRetentionDays");
        var draft = SettingsDraft.Of(new SystemSettings());
        draft[retention] = days;

        Assert.Equal(isRight ? null : "Enter at least 30 days, or 0 to keep all events.", draft.Problem(retention));
    }

    [Theory]
    [InlineData(1, "1 change")]
    [InlineData(3, "3 changes")]
    public void The_save_bar_shows_the_number_of_changes_and_the_affected_users(int changes, string expected)
    {
        var bar = Render<SaveBar>(part => part.Add(one => one.Changes, changes).Add(one => one.Effect, "affects 12 users"));

        Assert.Equal($"{expected} · affects 12 users", bar.Find("[role=status]").TextContent);
        Assert.Empty(Render<SaveBar>(part => part.Add(one => one.Changes, 0)).FindAll(".save-bar"));
    }

    [Fact]
    public void Permissions_are_grouped_marked_and_limited_to_the_callers_own()
    {
        var editor = Render<RoleEditor>(part =>
            part.Add(one => one.Draft, RoleDraft.Of(Helpdesk))
                .Add(one => one.Saved, Helpdesk)
                .Add(one => one.Actor, Holder("users.read", "users.credentials", "roles.write"))
        );

        Assert.Equal(Permissions.All.Count, editor.FindAll(".permission").Count);
        Assert.Equal(Permissions.Privileged.Count, editor.FindAll(".chip.privileged").Count);
        Assert.True(
            editor
                .FindAll(".permission")
                .Single(row => row.TextContent.Contains("settings.write", StringComparison.Ordinal))
                .QuerySelector("input")!
                .HasAttribute("disabled")
        );
        Assert.Contains("Users", editor.FindAll("legend").Select(legend => legend.TextContent));
    }

    [Fact]
    public void An_operation_that_would_be_refused_is_disabled_with_the_reason()
    {
        var assigner = Holder("roles.write", "users.read", "users.credentials");

        Assert.Null(RoleActions.WhyNotChanged(Helpdesk, assigner));
        Assert.NotNull(RoleActions.WhyNotChanged(Helpdesk with { BuiltIn = true }, assigner));
        Assert.NotNull(RoleActions.WhyNotChanged(Helpdesk with { Permissions = ["settings.write"] }, assigner));
        Assert.NotNull(RoleActions.WhyNotDeleted(Helpdesk, assigner));
        Assert.Null(RoleActions.WhyNotDeleted(Helpdesk with { Users = 0 }, assigner));
    }

    [Theory]
    [InlineData("Help desk", "roles/Help%20desk", "Help desk")]
    [InlineData("Compare", "roles/~Compare", "~Compare")]
    public void Every_role_has_an_address_of_its_own(string name, string url, string segment)
    {
        Assert.Equal(url, Urls.Role(name));
        Assert.Equal(name, Urls.RoleNameOf(segment));
    }
}
