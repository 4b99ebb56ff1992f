using System.Net.ServerSentEvents;
using System.Text.Json;
using AdminConsole.Cli.Http;
using AdminConsole.Cli.Output;
using AdminConsole.Core.Contracts;

namespace AdminConsole.Cli.Commands.Audit;

/// <summary>Follows the log: takes the stream up again where it was cut off, and signs in again silently where the
/// access token ran out.</summary>
internal static class AuditTail
{
    private const int LongestPause = 30;

    // The server sends a sign of life every five seconds.
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(30);

    public static async Task FollowAsync(CommandContext run, Query filters, long? after, int? count)
    {
        var last = after?.ToString();
        var left = count ?? int.MaxValue;
        for (var pause = 0; ; )
        {
            try
            {
                using var response = await run.Api.SendAsync(
                    HttpMethod.Get,
                    filters.Of("api/audit/stream"),
                    null,
                    run.Stopped,
                    [.. last is null ? Array.Empty<(string, string)>() : [("Last-Event-ID", last)]]
                );
                await using var body = await response.Content.ReadAsStreamAsync(run.Stopped);
                await using var heard = new IdleTimeoutStream(body, Silence);
                await foreach (var item in SseParser.Create(heard).EnumerateAsync(run.Stopped))
                {
                    pause = 0;
                    last = item.EventId is { Length: > 0 } id ? id : last;
                    Print(run.Terminal, item);
                    if (item.EventType == SseParser.EventTypeDefault && --left <= 0)
                    {
                        return;
                    }
                }
            }
            catch (OperationCanceledException) when (run.Stopped.IsCancellationRequested)
            {
                return;
            }
            catch (Exception cut)
                when (last is not null
                    && cut
                        is HttpRequestException
                            or IOException
                            or TimeoutException
                            or OperationCanceledException
                            or CliException { ExitCode: ExitCode.Unreachable }
                )
            {
                run.Terminal.WriteInfo($"Connection lost. Retrying in {Math.Max(1, pause)} s.");
            }

            pause = Math.Clamp(pause * 2, 1, LongestPause);
            if (await IsStoppedAsync(pause, run.Stopped))
            {
                return;
            }
        }
    }

    private static void Print(Terminal terminal, SseItem<string> item)
    {
        if (item.EventType == "gap")
        {
            terminal.WriteInfo($"Some events were removed by retention before they could be read: {item.Data}");
            return;
        }

        if (terminal.IsJson)
        {
            terminal.Print(item.Data);
        }
        else
        {
            var entry = JsonSerializer.Deserialize(item.Data, ApiJson.Default.AuditEntry)!;
            terminal.Print(Line(terminal, entry));
        }

        terminal.Flush();
    }

    private static string Line(Terminal terminal, AuditEntry entry)
    {
        var target = entry.Target is { } on ? $" → {Texts.Line(on.Name ?? on.Id ?? on.Type)}" : "";
        var origin = entry.Ip is { } ip ? $" ({Texts.Line(ip)})" : "";
        return $"{entry.At.UtcDateTime:yyyy-MM-dd HH:mm:ss'Z'} {terminal.Paint(Texts.Line(entry.Action), Tone.Heading)} "
            + $"{Texts.Line(entry.Actor.Name ?? entry.Actor.Type)}{target}{origin}";
    }

    private static async Task<bool> IsStoppedAsync(int seconds, CancellationToken stopped)
    {
        await Task.Delay(TimeSpan.FromSeconds(seconds), stopped).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return stopped.IsCancellationRequested;
    }
}
