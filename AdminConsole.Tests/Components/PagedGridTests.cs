using System.Linq.Expressions;
using AdminConsole.Components.Controls;
using AdminConsole.Core.Common;
using Bunit;
using Microsoft.AspNetCore.Components;
using MudBlazor;

namespace AdminConsole.Tests.Components;

public sealed class PagedGridTests : ControlContext
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    private static readonly Dictionary<string, string> SortKeys = new() { [nameof(Row.Name)] = "name" };

    private readonly List<(PageRequest Request, TaskCompletionSource<Result<PageOf<Row>>> Answer)> questions = [];
    private readonly List<PageRequest> moves = [];
    private readonly List<string> shown = [];

    private sealed record Row(string Name);

    private static readonly RenderFragment Columns = builder =>
    {
        builder.OpenComponent<PropertyColumn<GridRow<Row>, string>>(0);
        builder.AddAttribute(1, "Property", (Expression<Func<GridRow<Row>, string>>)(row => row.Value.Name));
        builder.CloseComponent();
    };

    [Theory]
    [InlineData("abc", "abc", "nonsense")]
    [InlineData("-1", "0", "-")]
    [InlineData("99999999999", "26", "--name")]
    [InlineData(null, null, null)]
    public void An_invalid_address_shows_the_first_page_in_default_order(string? page, string? size, string? sort)
    {
        var request = PageRequest.Of(page, size, sort, ["name"]);

        Assert.Equal((25, null), (request.Size, request.Sort));
        Assert.InRange(request.Skip, 0, Core.Contracts.Limits.CountLimit);
    }

    [Theory]
    [InlineData("401", "100")]
    [InlineData("401", "25")]
    public void No_page_exists_beyond_the_count(string page, string size) =>
        Assert.Equal(Core.Contracts.Limits.CountLimit, PageRequest.Of(page, size, "-name", ["name"]).Skip);

    private IRenderedComponent<PagedGrid<Row>> Grid(PageRequest request) =>
        Render<PagedGrid<Row>>(part =>
            part.Add(one => one.Request, request)
                .Add(one => one.Columns, Columns)
                .Add(one => one.Key, row => row.Name)
                .Add(one => one.Label, "Rows")
                .Add(one => one.SortKeys, SortKeys)
                .Add(one => one.OnMoved, moves.Add)
                .Add(one => one.Empty, "<b>Nothing</b>")
                .Add(one => one.OnLoaded, page => shown.AddRange(page.Rows.Select(row => row.Name)))
                .Add(
                    one => one.Load,
                    asked =>
                    {
                        var answer = new TaskCompletionSource<Result<PageOf<Row>>>();
                        questions.Add((asked, answer));
                        return answer.Task;
                    }
                )
        );

    private Task AnswerAsync(IRenderedComponent<PagedGrid<Row>> grid, int question, string name) =>
        grid.InvokeAsync(() => questions[question].Answer.SetResult(new PageOf<Row>([new Row(name)], 100)));

    [Fact]
    public async Task An_outdated_result_is_dropped()
    {
        var grid = Grid(new PageRequest(1, 25, null));
        await AnswerAsync(grid, 0, "first");
        grid.WaitForAssertion(() => Assert.Equal("first", grid.Find("tbody td").TextContent.Trim()), Timeout);

        _ = grid.InvokeAsync(grid.Instance.ReloadAsync);
        grid.Render(part => part.Add(one => one.Request, new PageRequest(2, 25, null)));
        await AnswerAsync(grid, 2, "second page");
        await AnswerAsync(grid, 1, "first again");

        grid.WaitForAssertion(() => Assert.Equal("second page", grid.Find("tbody td").TextContent.Trim()), Timeout);
        Assert.Equal([1, 1, 2], questions.Select(question => question.Request.Page));
        Assert.Equal(["first", "second page"], shown);
        Assert.Empty(moves);
    }

    [Fact]
    public async Task A_narrow_screen_sorts_by_a_list_of_orders()
    {
        var grid = Grid(new PageRequest(3, 25, null));
        Assert.Empty(grid.FindAll(".sort-by"));
        grid.Render(part => part.Add(one => one.SortTitles, new Dictionary<string, string> { ["name"] = "Name" }));

        await grid.InvokeAsync(() => grid.Find(".sort-by select").ChangeAsync("-name"));

        Assert.Equal(
            ["Default order", "Name, ascending", "Name, descending"],
            grid.FindAll(".sort-by option").Select(option => option.TextContent)
        );
        Assert.Equal([new PageRequest(1, 25, "-name")], moves);
    }

    [Fact]
    public async Task A_refused_query_shows_the_reason_and_keeps_the_rows()
    {
        var grid = Grid(new PageRequest(1, 25, null));
        await grid.InvokeAsync(() => questions[0].Answer.SetResult(Refusal.Busy("Too busy.")));

        grid.WaitForElement("[role=alert]", Timeout);
        Assert.Equal("Too busy.", grid.Find("[role=alert] span").TextContent);
        Assert.Empty(grid.FindAll(".skeleton"));
        Assert.Empty(grid.FindAll(".empty"));

        _ = grid.InvokeAsync(grid.Instance.ReloadAsync);
        await AnswerAsync(grid, 1, "first");
        grid.WaitForAssertion(() => Assert.Equal("first", grid.Find("tbody td").TextContent.Trim()), Timeout);
        Assert.Empty(grid.FindAll("[role=alert]"));
    }

    [Fact]
    public async Task An_order_in_the_address_is_applied()
    {
        var grid = Grid(new PageRequest(1, 25, "-name"));
        await AnswerAsync(grid, 0, "by name");

        grid.Render(part => part.Add(one => one.Request, new PageRequest(1, 25, null)));
        grid.WaitForAssertion(() => Assert.Equal(2, questions.Count), Timeout);
        await AnswerAsync(grid, 1, "newest");

        grid.WaitForAssertion(() => Assert.Equal("newest", grid.Find("tbody td").TextContent.Trim()), Timeout);
        Assert.Equal(["-name", null], questions.Select(question => question.Request.Sort));
        Assert.Empty(moves);
    }
}
