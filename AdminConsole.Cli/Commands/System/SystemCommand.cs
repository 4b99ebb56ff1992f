using System.CommandLine;
using System.Globalization;
using AdminConsole.Cli.Http;
using AdminConsole.Cli.Output;
using AdminConsole.Core.Contracts;

namespace AdminConsole.Cli.Commands.System;

/// <summary>Shows the server's health. The exit code is 0 whatever the health, because the server responded.</summary>
internal static class SystemCommand
{
    private const double Mebibyte = 1024 * 1024;

    public static Command Create() =>
        new Command("system", "Show the server's health: checks, database, mail, disk and workers.").SetHandler(async run =>
            run.Show(await run.Api.GetAsync("api/system", run.Stopped), ApiJson.Default.SystemStatus, status => Write(run, status))
        );

    private static void Write(CommandContext run, SystemStatus status)
    {
        var lines = new PropertyList().Add("Status", Toned(status.Status, status.Status));
        foreach (var check in status.Checks)
        {
            lines.Add($"Check {check.Name}", Toned(check.Problem ?? check.Status, check.Status));
        }

        lines
            .Add("Node", status.Node.Name)
            .Add("Version", status.Node.Version)
            .Add("Started", Texts.Time(status.Node.StartedAt))
            .Add(
                "Database",
                string.Join(
                    ", ",
                    new[]
                    {
                        status.Database.Provider,
                        Mebibytes(status.Database.SizeBytes),
                        Milliseconds(status.Database.ReadMilliseconds, "read"),
                    }.OfType<string>()
                )
            )
            .Add(
                "Relay",
                status.Relay is { } relay
                    ? $"{(relay.Connected ? "connected" : "away")}, {Number(relay.EventsBehind) ?? "?"} events behind"
                    : null
            )
            .Add("Last event", status.LastEvent is { } last ? $"{last.Action} {Texts.Time(last.At)}" : null)
            .Add("Changes", Milliseconds(status.Changes.MedianMilliseconds, "each"))
            .Add("Open pages", Number(status.OpenPages))
            .Add("Live sessions", Number(status.LiveSessions))
            .Add("Token checks", $"{Number(status.Tokens.Remembered)} remembered, {Number(status.Tokens.LookedUp)} looked up")
            .Add(
                "Password queue",
                string.Join(
                    ", ",
                    new[]
                    {
                        $"{Number(status.Hashing.Queued)} of {Number(status.Hashing.QueueLength)}",
                        Milliseconds(status.Hashing.Duration.MedianMilliseconds, "each"),
                    }.OfType<string>()
                )
            )
            .Add(
                "Mails waiting",
                status.Outbox is { } outbox
                    ? outbox.OldestAt is { } oldest
                        ? $"{Number(outbox.Waiting)}, the oldest since {Texts.Time(oldest)}"
                        : Number(outbox.Waiting)
                    : null
            )
            .Add("Disk free", Mebibytes(status.Disk.FreeBytes));
        foreach (var worker in status.Workers)
        {
            var when = worker.LastRunAt is { } at ? Texts.Time(at) : "not yet";
            lines.Add($"Worker {worker.Name}", worker.Problem is { } problem ? new Cell($"{when}: {problem}", Tone.Bad) : new Cell(when));
        }

        lines.Print(run.Terminal);
    }

    private static Cell Toned(string text, string status) => new(text, status == "healthy" ? Tone.Good : Tone.Bad);

    private static string? Number(long? number) => number?.ToString(CultureInfo.InvariantCulture);

    private static string? Milliseconds(double? milliseconds, string what) =>
        milliseconds is { } time ? $"{time.ToString("0.0", CultureInfo.InvariantCulture)} ms {what}" : null;

    private static string? Mebibytes(long? bytes) =>
        bytes is { } count ? $"{(count / Mebibyte).ToString("0.0", CultureInfo.InvariantCulture)} MiB" : null;
}
