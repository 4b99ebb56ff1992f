using AdminConsole.Components.Pages.Users;
using Bunit;
using MudBlazor.Services;

namespace AdminConsole.Tests.Components;

public sealed class UserFiltersTests : BunitContext, IAsyncLifetime
{
    public UserFiltersTests()
    {
        Services.AddSingleton(TimeProvider.System);
        Services.AddMudServices();
        JSInterop.Mode = JSRuntimeMode.Loose;
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public new async ValueTask DisposeAsync() => await base.DisposeAsync();

    [Fact]
    public void Typed_text_is_kept_while_an_older_search_returns()
    {
        var raised = new List<UserView>();
        var filters = FiltersOf(new UserView(), raised.Add);

        filters.Find("input").Input("a");
        filters.WaitForState(() => raised.Count == 1);
        filters.Find("input").Input("ab");
        filters.Render(part => part.Add(one => one.View, new UserView { Search = "a" }));

        Assert.Equal("ab", filters.Find("input").GetAttribute("value"));
    }

    [Fact]
    public void A_search_from_elsewhere_replaces_what_was_typed()
    {
        var filters = FiltersOf(new UserView { Search = "ana" }, _ => { });

        filters.Render(part => part.Add(one => one.View, new UserView { Search = "bob" }));

        Assert.Equal("bob", filters.Find("input").GetAttribute("value"));
    }

    [Fact]
    public void Clearing_is_offered_only_where_something_is_filtered()
    {
        var raised = new List<UserView>();
        var filters = FiltersOf(new UserView(), raised.Add);
        Assert.DoesNotContain("Clear filters", filters.Markup, StringComparison.Ordinal);

        filters.Render(part =>
            part.Add(
                one => one.View,
                new UserView
                {
                    Status = "active",
                    Mfa = "off",
                    Sort = "-email",
                }
            )
        );
        filters.FindAll("button").Single(button => button.TextContent == "Clear filters").Click();

        Assert.Equal([new UserView { Sort = "-email" }], raised);
    }

    [Fact]
    public void A_filter_for_a_deleted_role_is_shown_and_can_be_removed()
    {
        var raised = new List<UserView>();
        var filters = FiltersOf(new UserView { Role = "Gone" }, raised.Add);
        Assert.Equal("Gone", filters.Find("#filter-role").GetAttribute("value"));

        filters.Find("[aria-label='Remove filter: Role']").Click();

        Assert.Equal([new UserView()], raised);
    }

    [Fact]
    public void An_address_of_an_earlier_version_still_filters()
    {
        var query = UserView.Of(name => name == "state" ? "inactive" : null);

        Assert.Equal("deactivated", query.Status);
        Assert.Equal("?status=deactivated", query.ToQueryString());
    }

    private IRenderedComponent<UserFilters> FiltersOf(UserView view, Action<UserView> changed)
    {
        Render<MudBlazor.MudPopoverProvider>();
        return Render<UserFilters>(part =>
            part.Add(one => one.View, view).Add(one => one.Roles, UserPartsTests.Roles).Add(one => one.OnChanged, changed)
        );
    }
}
