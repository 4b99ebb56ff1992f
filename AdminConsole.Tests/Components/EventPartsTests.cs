using System.Text.Json;
using AdminConsole.Components.Pages.Audit;
using AdminConsole.Core.Audit;
using AdminConsole.Core.Changes;
using AdminConsole.Core.Contracts;
using Bunit;

namespace AdminConsole.Tests.Components;

public sealed class EventPartsTests : BunitContext
{
    private static AuditEntry Event(long id, string? details = null) =>
        new(
            id,
            DateTimeOffset.UnixEpoch.AddSeconds(id),
            "user.updated",
            new AuditActor("user", Guid.Empty, "boss", "session"),
            null,
            null,
            null,
            null,
            null,
            null,
            details is null ? null : JsonSerializer.Deserialize<JsonElement>(details),
            "hash"
        );

    private static AuditSlice Slice(int newest, int oldest, long? older = null, long? newer = null) =>
        new([.. Enumerable.Range(oldest, newest - oldest + 1).Reverse().Select(id => Event(id))], older, newer);

    [Fact]
    public void A_change_shows_old_and_new_per_field_and_of_lists_only_the_difference()
    {
        var entry = Event(
            1,
            """
            {
              "changes": [
                {"field":"email","old":"a@example.com","new":"b@example.com"},
                {"field":"roles","old":["Admin","User"],"new":["User","Operator"]},
                {"field":"active","old":true,"new":false},
                {"field":"until","old":null,"new":"2026"}
              ],
              "reason": "moved"
            }
            """
        );

        var rows = Render<EventChanges>(part => part.Add(one => one.Diffs, EventDetails.DiffsOf(entry))).FindAll("tbody tr");

        Assert.Equal(
            ["Email|a@example.com|b@example.com", "Roles|Admin|Operator", "Active|Yes|No", "Until|None|2026"],
            rows.Select(row =>
                $"{row.QuerySelector("th")!.TextContent}|{row.Children[1].TextContent.Trim()}|{row.Children[2].TextContent.Trim()}"
            )
        );
        Assert.Equal([("Reason", "moved")], EventDetails.DetailsOf(entry));
    }

    [Fact]
    public void A_time_among_the_details_is_formatted()
    {
        var facts = EventDetails.DetailsOf(Event(1, """{"until":"2027-02-27T23:49:40.071994+00:00","reason":"2027-02-27"}"""));

        Assert.Equal(["2027-02-27 23:49:40 UTC", "2027-02-27"], facts.Select(fact => fact.Value));
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
        Assert.Empty(EventDetails.DetailsOf(Event(1, details)));
        var sentence = AuditSentences.Of(Event(1, details));
        Assert.Equal("boss changed the profile of an unknown user", string.Concat(sentence.Select(part => part.Text)));
    }

    [Fact]
    public void Each_filter_is_a_chip_that_removes_only_itself()
    {
        var raised = new List<AuditQuery>();
        var query = new AuditQuery
        {
            Action = "user.",
            Actor = "id-of-ana",
            Ip = "192.0.2.1",
        };

        var chips = Render<FilterChips>(part =>
            part.Add(one => one.Query, query)
                .Add(one => one.Names, id => id == "id-of-ana" ? "ana" : null)
                .Add(one => one.OnChanged, raised.Add)
        );
        chips.Find("button[aria-label='Remove filter Actor: ana']").Click();
        chips.Find("li:last-child button").Click();

        Assert.Equal(
            [$"{AuditActions.Expand("user.").Count} actions", "ana", "192.0.2.1"],
            chips.FindAll("b").Select(value => value.TextContent)
        );
        Assert.Equal([query with { Actor = null }, new AuditQuery()], raised);
    }

    [Fact]
    public void An_address_is_read_as_it_was_written()
    {
        var address = new AuditPageState
        {
            Query = new AuditQuery
            {
                Action = "auth.",
                Actor = "a&b=c d+e",
                Target = "ü",
                Session = Guid.CreateVersion7(),
                Batch = Guid.CreateVersion7(),
                Request = "r/1",
                Ip = "::1",
                From = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero),
                To = DateTimeOffset.UnixEpoch.AddTicks(12345670),
                Search = "100% \"sure\"",
            },
            At = DateTimeOffset.UnixEpoch,
            Event = 12,
            Follow = true,
        };

        Assert.Equal(address, AuditPageState.Read("http://localhost/" + address.ToUrl()));
        Assert.Equal(
            new AuditPageState { FromOldest = true },
            AuditPageState.Read("http://localhost/" + new AuditPageState { FromOldest = true }.ToUrl())
        );
        Assert.Equal("audit", new AuditPageState().ToUrl());
    }

    [Fact]
    public void Events_of_one_batch_are_one_line_with_their_action_and_count()
    {
        var batch = Guid.CreateVersion7();
        AuditEntry InBatch(long id, string action, string target) =>
            Event(id) with
            {
                Action = action,
                BatchId = batch,
                Target = new AuditTarget(target, $"{id}", $"one{id}"),
            };
        var window = new EventWindow();
        var slice = new AuditSlice(
            [
                Event(7),
                InBatch(6, "user.locked_down", "user"),
                InBatch(5, "session.ended", "session"),
                InBatch(4, "session.ended", "session"),
                InBatch(3, "user.locked_down", "user"),
                Event(2),
            ],
            Older: 2,
            Newer: null
        );

        window.Show(slice);
        Assert.Equal([7, 6, 2], window.Events.Select(entry => entry.Id));
        Assert.Equal("boss locked down 2 users", string.Concat(window.Lines[1].Sentence(areMore: false).Select(part => part.Text)));
        Assert.Equal("boss locked down 2+ users", string.Concat(window.Lines[1].Sentence(areMore: true).Select(part => part.Text)));
        Assert.Equal((null, null), (window.Find(6), window.Find(5)));
        Assert.Equal((2L, 7L), (window.FindNeighbor(7, below: true)!.Id, window.FindNeighbor(2, below: false)!.Id));

        window.Show(slice, start: 4);
        Assert.Equal([7, 6, 4, 3, 2], window.Events.Select(entry => entry.Id));
        window.Show(slice, isWhole: true);
        Assert.Equal([7, 6, 5, 4, 3, 2], window.Events.Select(entry => entry.Id));
    }

    [Fact]
    public void A_batch_longer_than_the_window_is_still_one_line()
    {
        var batch = Guid.CreateVersion7();
        AuditSlice Part(int newest, long? older) =>
            new(
                [
                    .. Enumerable
                        .Range(newest - 99, 100)
                        .Reverse()
                        .Select(id => Event(id) with { BatchId = batch, At = DateTimeOffset.UnixEpoch }),
                ],
                older,
                null
            );
        var window = new EventWindow();
        window.Show(Part(1000, older: 901));

        for (var newest = 900; newest >= 100; newest -= 100)
        {
            window.AddOlder(Part(newest, older: newest > 100 ? newest - 99 : null));
        }

        Assert.Equal((1, 1000, 1L), (window.Lines.Count, window.Lines[0].Count, window.Lines[0].Oldest.Id));
        Assert.Equal((null, null), (window.Older, window.Newer));
    }

    [Fact]
    public void Times_are_shown_in_the_chosen_zone_and_read_back_from_it()
    {
        var at = new DateTimeOffset(2026, 1, 2, 23, 4, 5, TimeSpan.Zero);
        var local = new ViewZone(TimeZoneInfo.CreateCustomTimeZone("east", TimeSpan.FromHours(2), "East", "East"), IsUtc: false);

        Assert.Equal(
            ("2026-01-03 01:04:05 UTC+02:00", "2026-01-02 23:04:05 UTC"),
            (local.Exact(at), (local with { IsUtc = true }).Exact(at))
        );
        Assert.Equal("2026-01-03 01:04:05 UTC+02:00\n2026-01-02 23:04:05 UTC", local.Both(at));
        Assert.Equal(("3 Jan, 01:04", "1 hour ago"), (local.Brief(at, at.AddDays(2)), local.Brief(at, at.AddHours(1))));
        Assert.Equal(at, local.Read(local.Write(at)));
        Assert.Null(local.Read("soon"));
        Assert.Null(local.Read("0001-01-01T00:00"));
        var west = new ViewZone(TimeZoneInfo.CreateCustomTimeZone("west", TimeSpan.FromHours(-2), "West", "West"), IsUtc: false);
        Assert.Null(west.Read("9999-12-31T23:59"));
        Assert.Equal(DateTimeOffset.MinValue, ViewZone.Utc.Read("0001-01-01T00:00"));
    }

    [Fact]
    public void A_row_is_a_sentence_with_marked_names_and_a_failure_label()
    {
        var entry = Event(5, """{"reason":"wrong_password"}""") with
        {
            Action = "auth.sign_in_failed",
            Ip = "192.0.2.1",
            Target = new AuditTarget("user", "1", "<b>eve</b>"),
        };

        var row = Render<EventRow>(part => part.Add(one => one.Line, EventLine.Of(entry)).Add(one => one.Now, entry.At.AddMinutes(5)));

        Assert.Equal("<b>eve</b> failed to sign in: incorrect password", row.Find(".sentence").TextContent);
        Assert.Equal(["<b>eve</b>"], row.FindAll("bdi").Select(name => name.TextContent));
        Assert.Equal(
            ("Failed", "192.0.2.1", "5 minutes ago"),
            (row.Find(".outcome").TextContent, row.Find(".col-from").TextContent, row.Find("time").TextContent)
        );
        Assert.DoesNotContain("sign_in_failed", row.Markup, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("session=x")]
    [InlineData("batch=1")]
    [InlineData("from=yesterday")]
    [InlineData("event=-1")]
    [InlineData("at=soon")]
    public void An_invalid_address_names_its_invalid_part(string query) =>
        Assert.Equal(query, AuditPageState.Read($"http://localhost/audit?{query}&action=user.").Wrong);

    [Fact]
    public void A_window_is_bounded_and_keeps_its_positions()
    {
        var window = new EventWindow();
        window.Show(Slice(1000, 901, older: 901));

        for (var oldest = 801; oldest >= 501; oldest -= 100)
        {
            window.AddOlder(Slice(oldest + 99, oldest, older: oldest));
        }

        Assert.Equal((EventWindow.MaxEvents, 800L, 501L), (window.Lines.Count, window.Newer, window.Older));
        window.AddNewer(Slice(900, 801, newer: 900));
        Assert.Equal((EventWindow.MaxEvents, 900L, 601L, 601L), (window.Lines.Count, window.Newer, window.Older, window.Events.Last().Id));
        Assert.Equal(1, window.Generation);
    }

    [Fact]
    public void New_events_are_added_on_top_once()
    {
        var window = new EventWindow();
        window.Show(Slice(10, 1));

        window.AddNewEvents(Slice(12, 9).Events);

        Assert.Equal([12, 11, 10, 9], window.Events.Take(4).Select(entry => entry.Id));
        Assert.Null(window.Newer);
    }
}
