using AdminConsole.Authorization;
using AdminConsole.Components.Controls;
using AdminConsole.Components.Pages.Audit;
using AdminConsole.Components.Pages.SystemPages;
using AdminConsole.Core.Account;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Email;
using AdminConsole.Core.OAuth;
using Bunit;
using Microsoft.Extensions.Logging.Abstractions;
using MudBlazor.Services;

namespace AdminConsole.Tests.Components;

public sealed class OverviewPartsTests : BunitContext
{
    public OverviewPartsTests()
    {
        JSInterop.Mode = JSRuntimeMode.Loose;
        Services.AddMudServices();
        Services.AddSingleton(TimeProvider.System);
    }

    [Fact]
    public void The_chart_has_its_numbers_in_a_table_of_local_hours()
    {
        var from = new DateTimeOffset(2026, 11, 24, 22, 0, 0, TimeSpan.Zero);
        SignInCount Hour(int number, int succeeded, int failed) => new(from.AddHours(number), from.AddHours(number + 1), succeeded, failed);
        var east = new ViewZone(TimeZoneInfo.CreateCustomTimeZone("east", TimeSpan.FromHours(2), "East", "East"), IsUtc: false);

        var chart = Render<SignInChart>(part =>
            part.Add(one => one.Counts, [Hour(0, 3, 1), Hour(1, 0, 2)]).Add(one => one.IsLinked, true).Add(one => one.Zone, east)
        );

        Assert.Equal(["3 successful", "3 failed"], chart.FindAll(".legend").Select(legend => legend.TextContent.Trim()));
        Assert.Equal(
            ["25 Nov 2026, 00:00|3|1", "25 Nov 2026, 01:00|0|2"],
            chart.FindAll("tbody tr").Select(row => string.Join('|', row.Children.Select(cell => cell.TextContent)))
        );
        Assert.Equal("true", chart.Find(".sign-ins").GetAttribute("aria-hidden"));
        Assert.Equal(
            "audit?action=auth.signed_in,auth.sign_in_failed&from=2026-11-24T22:00:00Z&to=2026-11-24T23:00:00Z",
            Uri.UnescapeDataString(chart.Find(".sign-in-links a").GetAttribute("href")!)
        );
    }

    [Fact]
    public void Dismissed_first_steps_run_no_query()
    {
        JSInterop.Setup<string?>("console_.recall", "overview.get-started").SetResult("dismissed");
        Unreachable<OwnFactors>();
        Unreachable<OwnPasskeys>();
        Unreachable<OutboxAdministration>();
        Unreachable<ConnectedDevices>();

        var steps = Render<GetStarted>(part => part.Add(one => one.Administrators, 1).Add(one => one.Actor, TestData.System));

        Assert.Empty(steps.Markup.Trim());
    }

    // Registers a service that throws when resolved.
    private void Unreachable<T>()
        where T : notnull => Services.AddSingleton(new Scoped<T>(null!, null!, NullLogger<Scoped<T>>.Instance));

    [Fact]
    public void A_tile_is_highlighted_only_when_action_is_due_and_names_it()
    {
        var calm = Render<StatTile>(part =>
            part.Add(one => one.Label, "Sessions").Add(one => one.Value, 4321).Add(one => one.Url, "sessions")
        );
        var due = Render<StatTile>(part =>
            part.Add(one => one.Label, "Administrators")
                .Add(one => one.Value, 1)
                .Add(one => one.IsDue, true)
                .Add(one => one.Note, "Add a second one")
        );

        Assert.Equal(
            ("4,321", "sessions", null),
            (calm.Find("b").TextContent, calm.Find("a").GetAttribute("href"), calm.Find("li").GetAttribute("data-due"))
        );
        Assert.Equal("true", due.Find("li").GetAttribute("data-due"));
        Assert.Equal("Add a second one", due.Find(".figure-note").TextContent.Trim());
        Assert.Single(due.FindAll(".figure-note svg"));
    }

    [Fact]
    public void Recent_activity_lists_a_batch_once_with_a_link()
    {
        var batch = Guid.CreateVersion7();
        AuditEntry Event(long id, Guid? of) =>
            new(
                id,
                DateTimeOffset.UnixEpoch,
                "user.deleted",
                new AuditActor("user", Guid.Empty, "boss", "session"),
                new AuditTarget("user", $"{id}", $"one{id}"),
                null,
                null,
                null,
                null,
                of,
                null,
                "hash"
            );

        var list = Render<EventList>(part => part.Add(one => one.Events, [Event(3, batch), Event(2, batch), Event(1, null)]));

        Assert.Equal(
            [$"boss deleted 2 users|audit?batch={batch}", "boss deleted one1|audit?event=1"],
            list.FindAll("a").Select(link => $"{link.TextContent}|{link.GetAttribute("href")}")
        );
    }
}
