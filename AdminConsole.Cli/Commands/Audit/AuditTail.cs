using System.Net.ServerSentEvents;
using System.Text.Json;
using AdminConsole.Cli.Http;
using AdminConsole.Cli.Output;
using AdminConsole.Core.Contracts;

namespace AdminConsole.Cli.Commands.Audit;

/// <summary>Follows the audit log. Resumes the stream after a disconnect and refreshes an expired access
/// token.</summary>
internal static class AuditTail
{
    private const int MaxPause = 30;

    // The server sends a keep-alive every five seconds.
    private static readonly TimeSpan IdleTimeout = TimeSpan.FromSeconds(30);

    public static async Task FollowAsync(CommandContext run, Query filters, long? after, int? count)
    {
        var last = after?.ToString();
        var left = count ?? int.MaxValue;
        var pause = 0;
        while (true)
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
                await using var stream = new IdleTimeoutStream(body, IdleTimeout);
                await foreach (var item in SseParser.Create(stream).EnumerateAsync(run.Stopped))
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
            catch (Exception failure)
                when (last is not null
                    && failure
                        is HttpRequestException
                            or IOException
                            or TimeoutException
                            or OperationCanceledException
                            or CliException { ExitCode: ExitCode.Unreachable }
                )
            {
                run.Terminal.WriteInfo($"Connection lost. Retrying in {Math.Max(1, pause)} s.");
            }

            pause = Math.Clamp(pause * 2, 1, MaxPause);
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
