using System.CommandLine;
using System.Globalization;
using AdminConsole.Cli.Http;
using AdminConsole.Cli.Output;
using AdminConsole.Core.Contracts;

namespace AdminConsole.Cli.Commands.Audit;

/// <summary>Lists, follows, exports and verifies the audit log.</summary>
internal static class AuditCommands
{
    private static readonly Option<string?> Action = new("--action")
    {
        Description = "An action such as user.deactivated, or a group of them: user.",
    };
    private static readonly Option<string?> Actor = new("--actor") { Description = "Who did it: an id, or part of the name." };
    private static readonly Option<string?> Target = new("--target") { Description = "The target: an id, or part of the name." };
    private static readonly Option<string?> Ip = new("--ip") { Description = "The IP address." };
    private static readonly Option<string?> Session = new("--session") { Description = "In which session, or with which token: an id." };
    private static readonly Option<string?> Request = new("--request") { Description = "In which request: an id." };
    private static readonly Option<string?> Batch = new("--batch") { Description = "The bulk operation: an id." };
    private static readonly Option<string?> From = new("--from") { Description = "Not before: a time, or a span such as 2h, 7d ago." };
    private static readonly Option<string?> To = new("--to") { Description = "Not after." };
    private static readonly Option<string?> Search = new("--search") { Description = "Any part of names, addresses and details." };

    public static Command Create() => new("audit", "List, follow, export and verify the audit log.") { List(), Tail(), Export(), Verify() };

    private static Command List() =>
        Filtered(new Command("list", "List events, newest first.") { Paging.Limit, Paging.All })
            .SetHandler(async run =>
            {
                var listing = await Paging.ReadAsync(run, "api/audit", Filters(run), "before");
                Paging.Show(run, listing, ApiJson.Default.AuditEntry, Rows);
                if (listing.LookedBackTo is { } time && !run.Terminal.IsJson)
                {
                    run.Terminal.WriteInfo($"Searched back to {time.GetString()}. Continue with --to {time.GetString()}.");
                }
            });

    private static Command Tail()
    {
        var since = new Option<long?>("--since-id") { Description = "Begin after the event with this id." };
        var count = new Option<int?>("--count") { Description = "Stop after this number of events." };
        return Filtered(new Command("tail", "Follow events as they happen, until Ctrl+C. With --json, one event a line.") { since, count })
            .SetHandler(run => AuditTail.FollowAsync(run, Filters(run), run.Get(since), run.Get(count)));
    }

    private static Command Export()
    {
        var format = new Option<string>("--format")
        {
            Description = "csv or ndjson (a line of JSON for each event).",
            DefaultValueFactory = _ => "ndjson",
        }.AcceptOnlyFromAmong("csv", "ndjson");
        return Filtered(new Command("export", "Write events, oldest first, to standard output or to a file.") { format, Downloads.Output })
            .SetHandler(run => Downloads.WriteAsync(run, Filters(run).With("format", run.Get(format)).Of("api/audit/export")));
    }

    private static Command Verify() =>
        new Command("verify", "Check that no event was changed, removed or inserted. Exit code 1 if one was.").SetHandler(async run =>
        {
            var answer = await run.Api.GetAsync("api/audit/verify", run.Stopped);
            var verification = answer.As(ApiJson.Default.AuditVerification);
            run.Show(
                answer,
                ApiJson.Default.AuditVerification,
                result =>
                    run.Terminal.Print(
                        result.Valid ? $"valid: {result.Events} events" : $"BROKEN at event {result.FirstBroken}: {result.Problem}"
                    )
            );
            if (!verification.Valid)
            {
                throw new CliException(ExitCode.Refused, "The audit log was tampered with.", code: "chain_broken");
            }
        });

    private static Command Filtered(Command command)
    {
        foreach (var option in new Option[] { Action, Actor, Target, Ip, Session, Request, Batch, From, To, Search })
        {
            command.Add(option);
        }

        return command;
    }

    private static Query Filters(CommandContext run) =>
        new(
            ("action", run.Get(Action)),
            ("actor", run.Get(Actor)),
            ("target", run.Get(Target)),
            ("ip", run.Get(Ip)),
            ("session", run.Get(Session)),
            ("request", run.Get(Request)),
            ("batch", run.Get(Batch)),
            ("from", Exact(Times.Ago(run.Get(From), "--from"))),
            ("to", Exact(Times.Ago(run.Get(To), "--to"))),
            ("search", run.Get(Search))
        );

    private static string? Exact(DateTimeOffset? time) => time?.UtcDateTime.ToString("O", CultureInfo.InvariantCulture);

    private static Table Rows(IEnumerable<AuditEntry> events)
    {
        var table = new Table("Id", "At", "Action", "Who", "On what", "From");
        foreach (var entry in events)
        {
            table.Add(
                $"{entry.Id}",
                Texts.Time(entry.At),
                entry.Action,
                entry.Actor.Name ?? entry.Actor.Type,
                entry.Target?.Name ?? entry.Target?.Id,
                entry.Ip
            );
        }

        return table;
    }
}
