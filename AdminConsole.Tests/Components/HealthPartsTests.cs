using AdminConsole.Components.Pages.SystemPages;
using AdminConsole.Core.Contracts;
using Bunit;

namespace AdminConsole.Tests.Components;

public sealed class HealthPartsTests : BunitContext
{
    private static readonly DateTimeOffset Now = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    private static SystemStatus Status(RelayFacts? relay = null, LastEvent? last = null) =>
        new()
        {
            Status = "healthy",
            Checks = [],
            Node = new("here:1", "1.0", Now),
            Database = new("SQLite", null, null),
            Relay = relay,
            LastEvent = last,
            OpenPages = 0,
            LiveSessions = null,
            Tokens = new(0, 0, null),
            Hashing = new(0, 64, new(null, null)),
            Changes = new(2.5, 1200),
            Outbox = null,
            Disk = new(5_000_000_000, 268_435_456),
            Workers = [],
        };

    [Theory]
    [InlineData(null, "Unknown")]
    [InlineData(0L, "0 bytes")]
    [InlineData(1023L, "1023 bytes")]
    [InlineData(1536L, "1.5 KiB")]
    [InlineData(268_435_456L, "256 MiB")]
    [InlineData(5_000_000_000L, "4.7 GiB")]
    [InlineData(long.MaxValue, "8388608 TiB")]
    public void Bytes_are_shown_in_a_fitting_unit(long? bytes, string expected) => Assert.Equal(expected, Format.Bytes(bytes));

    [Theory]
    [InlineData(null, "–")]
    [InlineData(0.84, "0.8 ms")]
    [InlineData(31.2, "31 ms")]
    [InlineData(2600.0, "2.6 s")]
    public void Durations_are_shown_in_a_fitting_unit(double? milliseconds, string expected) =>
        Assert.Equal(expected, Format.Milliseconds(milliseconds));

    [Fact]
    public void A_check_shows_its_status_and_problem_in_words()
    {
        var checks = Render<CheckList>(part =>
                part.Add(
                    one => one.Checks,
                    [new SystemCheck("outbox", "degraded", "3 <b>mails</b> wait."), new SystemCheck("database", "healthy", null)]
                )
            )
            .FindAll("li");

        Assert.Equal(
            ["Degraded|Outgoing email|3 <b>mails</b> wait.", "Healthy|Database|"],
            checks.Select(check =>
                $"{check.QuerySelector(".health")!.LastChild!.TextContent.Trim()}|{check.QuerySelector("b")!.TextContent}|"
                + $"{check.Children.ElementAtOrDefault(2)?.TextContent}"
            )
        );
    }

    [Fact]
    public void A_check_shows_since_when()
    {
        Services.AddSingleton(TimeProvider.System);

        var check = Render<CheckList>(part => part.Add(one => one.Checks, [new SystemCheck("disk", "healthy", null) { Since = Now }]))
            .Find("li time");

        Assert.Contains("2026-11-21 12:00:00 UTC", check.GetAttribute("title")!, StringComparison.Ordinal);
    }

    [Fact]
    public void A_worker_shows_how_its_last_run_went()
    {
        Services.AddSingleton(TimeProvider.System);

        var rows = Render<WorkerTable>(part =>
                part.Add(
                    one => one.Workers,
                    [
                        new WorkerFacts("outbox", Now, "SocketException: refused"),
                        new WorkerFacts("retention", Now, null),
                        new WorkerFacts("someNewOne", null, null),
                    ]
                )
            )
            .FindAll("tbody tr");

        Assert.Equal(
            ["Outbox|SocketException: refused", "Retention|OK", "someNewOne|"],
            rows.Select(row => $"{row.Children[0].TextContent}|{row.Children[3].TextContent.Trim()}")
        );
        Assert.Equal("Not yet", rows[2].Children[2].TextContent);
    }

    [Fact]
    public void Unknown_values_are_shown_as_unknown_and_a_missing_relay_not_at_all()
    {
        Services.AddSingleton(TimeProvider.System);

        var facts = Render<SystemDetails>(part => part.Add(one => one.Status, Status()));

        Assert.Empty(facts.FindAll("#facts-relay"));
        Assert.Equal("Unknown", facts.FindAll("section[aria-labelledby=facts-database] dd")[1].TextContent);
        Assert.Equal("Unknown", facts.FindAll("section[aria-labelledby=facts-database] dd")[4].TextContent.Trim());
        Assert.Contains("peak 1.2 s", facts.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void A_disconnected_relay_shows_the_consequence()
    {
        Services.AddSingleton(TimeProvider.System);

        var facts = Render<SystemDetails>(part =>
            part.Add(one => one.Status, Status(new RelayFacts(Connected: false, EventsBehind: 1), new LastEvent(7, Now, "user.created")))
        );

        Assert.Equal(
            ["Disconnected. Caching is off until it reconnects.", "1 event"],
            facts.FindAll("section[aria-labelledby=facts-relay] dd").Select(fact => fact.TextContent)
        );
        Assert.Contains("event=7", facts.Find("section[aria-labelledby=facts-database] a").GetAttribute("href")!, StringComparison.Ordinal);
    }
}
