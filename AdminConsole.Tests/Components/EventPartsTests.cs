using System.Text.Json;
using AdminConsole.Components.Pages.Audit;
using AdminConsole.Core.Audit;
using AdminConsole.Core.Contracts;
using Bunit;

namespace AdminConsole.Tests.Components;

public sealed class EventPartsTests : BunitContext
{
    private static AuditEntry Event(long id, string? details = null) => new(
        id, DateTimeOffset.UnixEpoch.AddSeconds(id), "user.updated", new AuditActor("user", Guid.Empty, "boss", "session"), null, null, null, null, null, null,
        details is null ? null : JsonSerializer.Deserialize<JsonElement>(details), "hash");

    private static AuditSlice Slice(int newest, int oldest, long? older = null, long? newer = null) =>
        new([.. Enumerable.Range(oldest, newest - oldest + 1).Reverse().Select(id => Event(id))], older, newer);

    [Fact]
    public void A_change_shows_old_and_new_per_field_and_of_lists_only_the_difference()
    {
        var entry = Event(1, """
            {"changes":[{"field":"email","old":"a@example.com","new":"b@example.com"},{"field":"roles","old":["Admin","User"],"new":["User","Operator"]},{"field":"active","old":true,"new":false},{"field":"until","old":null,"new":"2026"}],"reason":"moved"}
            """);

        var rows = Render<EventChanges>(part => part.Add(one => one.Diffs, EventDetails.DiffsOf(entry))).FindAll("tbody tr");

        Assert.Equal(
            ["email|a@example.com|b@example.com", "roles|Admin|Operator", "active|yes|no", "until|nothing|2026"],
            rows.Select(row => $"{row.QuerySelector("th")!.TextContent}|{row.Children[1].TextContent.Trim()}|{row.Children[2].TextContent.Trim()}"));
        Assert.Equal([("reason", "moved")], EventDetails.FactsOf(entry));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"changes":"none"}""")]
    [InlineData("""{"changes":[1]}""")]
    public void Details_of_any_form_are_no_error(string? details)
    {
        Assert.Empty(EventDetails.DiffsOf(Event(1, details)));
        Assert.Empty(EventDetails.Summary(Event(1, details)));
    }

    [Fact]
    public void Each_filter_is_a_chip_that_takes_only_itself_away()
    {
        var raised = new List<AuditQuery>();
        var query = new AuditQuery { Action = "user.", Actor = "id-of-ana", Ip = "192.0.2.1" };

        var chips = Render<FilterChips>(part => part.Add(one => one.Query, query).Add(one => one.Names, id => id == "id-of-ana" ? "ana" : null).Add(one => one.OnChanged, raised.Add));
        chips.Find("button[aria-label='Remove: by ana']").Click();

        Assert.Equal(["all of user", "ana", "192.0.2.1"], chips.FindAll("b").Select(value => value.TextContent));
        Assert.Equal([query with { Actor = null }], raised);
    }

    [Fact]
    public void An_address_is_read_as_it_was_written()
    {
        var address = new AuditAddress
        {
            Query = new AuditQuery
            {
                Action = "auth.", Actor = "a&b=c d+e", Target = "ü", Session = Guid.CreateVersion7(), Batch = Guid.CreateVersion7(), Request = "r/1", Ip = "::1",
                From = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero), To = DateTimeOffset.UnixEpoch.AddTicks(12345670), Search = "100% \"sure\"",
            },
            At = DateTimeOffset.UnixEpoch,
            Event = 12,
            Follow = true,
        };

        Assert.Equal(address, AuditAddress.Read("http://localhost/" + address.ToUrl()));
        Assert.Equal(new AuditAddress { FromOldest = true }, AuditAddress.Read("http://localhost/" + new AuditAddress { FromOldest = true }.ToUrl()));
        Assert.Equal("audit", new AuditAddress().ToUrl());
    }

    [Theory]
    [InlineData("session=x")]
    [InlineData("batch=1")]
    [InlineData("from=yesterday")]
    [InlineData("event=-1")]
    [InlineData("at=soon")]
    public void An_address_that_is_not_understood_says_which_part(string query) => Assert.Equal(query, AuditAddress.Read($"http://localhost/audit?{query}&action=user.").Wrong);

    [Fact]
    public void A_window_never_holds_more_than_so_many_and_remembers_where_it_goes_on()
    {
        var window = new EventWindow();
        window.Show(Slice(1000, 901, older: 901));

        for (var oldest = 801; oldest >= 501; oldest -= 100)
        {
            window.AddOlder(Slice(oldest + 99, oldest, older: oldest));
        }

        Assert.Equal((EventWindow.Most, 800L, 501L), (window.Events.Count, window.Newer, window.Older));
        window.AddNewer(Slice(900, 801, newer: 900));
        Assert.Equal((EventWindow.Most, 900L, 601L, 601L), (window.Events.Count, window.Newer, window.Older, window.Events[^1].Id));
        Assert.Equal(1, window.Generation);
    }

    [Fact]
    public void News_come_on_top_once()
    {
        var window = new EventWindow();
        window.Show(Slice(10, 1));

        window.AddNews(Slice(12, 9).Events);

        Assert.Equal([12, 11, 10, 9], window.Events.Take(4).Select(entry => entry.Id));
        Assert.Null(window.Newer);
    }
}
