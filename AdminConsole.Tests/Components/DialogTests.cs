using AdminConsole.Components.Controls;
using Bunit;
using MudBlazor;

namespace AdminConsole.Tests.Components;

public sealed class DialogTests : ControlContext
{
    private static readonly Question Delete = new("Delete Ana?", "This can't be undone.", "Delete");

    [Fact]
    public async Task A_dialog_is_named_by_its_heading_and_has_Cancel_before_the_action()
    {
        await AskAsync(Delete);

        var title = Dialogs.Find("h2");
        Assert.Equal("Delete Ana?", title.TextContent);
        Assert.Equal(title.Id, Dialogs.Find("[role=dialog]").GetAttribute("aria-labelledby"));
        Assert.Equal(["Cancel", "Delete"], Dialogs.FindAll(".mud-dialog-actions button").Select(button => button.TextContent.Trim()));
    }

    [Theory]
    [InlineData(true, "mud-button-filled-error")]
    [InlineData(false, "mud-button-filled-primary")]
    public async Task Only_a_destructive_action_is_red(bool isDestructive, string expected)
    {
        await AskAsync(Delete with { IsDestructive = isDestructive });

        Assert.Contains(expected, Dialogs.Find("button[type=submit]").ClassList);
    }

    [Fact]
    public async Task The_action_confirms_and_Cancel_does_not()
    {
        var confirmed = await AskAsync(Delete);
        await Dialogs.Find("form").SubmitAsync();
        Assert.Equal(true, await confirmed);

        var cancelled = await AskAsync(Delete);
        await Dialogs.FindAll(".mud-dialog-actions button")[0].ClickAsync();
        Assert.Null(await cancelled);
    }

    [Fact]
    public async Task A_typed_confirmation_must_match_before_the_action_runs()
    {
        var closed = await AskAsync(Delete with { TypedConfirmation = "ana@example.com" });
        Assert.True(Dialogs.Find("button[type=submit]").HasAttribute("disabled"));

        Dialogs.Find("input").Input("bob@example.com");
        await Dialogs.Find("form").SubmitAsync();
        Assert.False(closed.IsCompleted);

        Dialogs.Find("input").Input(" ana@example.com ");
        Assert.False(Dialogs.Find("button[type=submit]").HasAttribute("disabled"));
        await Dialogs.Find("form").SubmitAsync();
        Assert.Equal(true, await closed);
    }

    private Task<Task<object?>> AskAsync(Question question) =>
        OpenAsync<ConfirmDialog>(question.Title, new DialogParameters<ConfirmDialog> { { dialog => dialog.Question, question } });
}
