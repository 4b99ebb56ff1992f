using AdminConsole.Components.Pages.Audit;
using Bunit;

namespace AdminConsole.Tests.Components;

public sealed class ActionFilterTests : BunitContext
{
    [Theory]
    [InlineData(null, 0, null)]
    [InlineData("user.created", 1, "User created")]
    [InlineData("token.created,user.created", 2, "Token created or User created")]
    [InlineData("role.,user.role_added,user.role_removed", 5, "Roles (all)")]
    [InlineData("auth.", 10, "10 actions")]
    [InlineData("no.such", 1, "no.such")]
    public void Chosen_actions_are_read_from_and_written_to_the_address(string? filter, int count, string? words)
    {
        var chosen = ActionChoice.Read(filter);

        Assert.Equal(count, chosen.Count);
        Assert.Equal(filter, ActionChoice.Write(chosen));
        Assert.Equal(words, filter is null ? null : ActionChoice.Describe(filter));
    }

    [Theory]
    [InlineData("role", "Role assigned")]
    [InlineData("login", "Sign-in failed")]
    [InlineData("api key", "Token revoked")]
    [InlineData("user.role_added", "Role assigned")]
    public void An_action_is_found_by_synonyms(string words, string name)
    {
        var list = Render<ActionFilter>();

        list.Find("input[type=search]").Input(words);

        Assert.Contains(name, list.FindAll("label").Select(label => label.TextContent.Trim()));
    }

    [Fact]
    public void A_group_of_actions_is_chosen_and_unchosen_at_once()
    {
        var raised = new List<string?>();
        var list = Render<ActionFilter>(part => part.Add(one => one.OnChanged, raised.Add));
        list.Find("input[type=search]").Input("settings");

        list.Find("legend button").Click();
        list.Find("input[type=checkbox]").Change(false);

        Assert.Equal(["settings.updated", null], raised);
    }

    [Fact]
    public void Actions_selected_before_the_address_changes_stay_selected()
    {
        var raised = new List<string?>();
        var list = Render<ActionFilter>(part => part.Add(one => one.OnChanged, raised.Add));
        list.Find("input[type=search]").Input("user created");

        list.Find("input[type=checkbox]").Change(true);
        list.Render(part => part.Add(one => one.Filter, null));
        list.Find("input[type=search]").Input("user deleted");
        list.Find("input[type=checkbox]").Change(true);

        Assert.Equal(["user.created", "user.created,user.deleted"], raised);
    }
}
