using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using AdminConsole.Core.Changes;
using AdminConsole.Core.Common;
using AdminConsole.Core.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AdminConsole.Core.Audit;

/// <summary>The target that events are forwarded to.</summary>
/// <param name="Name">The name in log messages.</param>
/// <param name="Open">Opens the target for appending complete lines. Called for each batch; the stream is closed after
/// it.</param>
public sealed record ForwardTarget(string Name, Func<Stream> Open);

/// <summary>Forwards every event as one line of JSON, oldest first, at least once. The cursor in the database advances
/// only after the lines are written. Only the leader forwards. Events are read by id, so no change waits for
/// forwarding. Failures are retried with a delay that doubles up to one minute.</summary>
public sealed class AuditForwarding(
    ForwardTarget target,
    ChangeFeed feed,
    IServiceScopeFactory scopes,
    TimeProvider clock,
    ILogger<AuditForwarding> log
) : PeriodicWorker("forwarding")
{
    private const string CursorName = "forward";
    private const int BatchSize = 1_000;

    // Events of another process raise no notice, so the database is also polled.
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(5);

    // Waits for further events after a notice, so that the cursor is not written for each event.
    private static readonly TimeSpan Gather = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var notices = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
        using var subscription = feed.Listen(_ => notices.Writer.TryWrite(true));
        var wait = TimeSpan.FromSeconds(1);
        var run = StoringResult(clock, ForwardAllAsync);
        while (true)
        {
            try
            {
                await run(stoppingToken);
                wait = TimeSpan.FromSeconds(1);
                await WaitAsync(notices.Reader, stoppingToken);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                log.LogError(
                    exception,
                    "Audit events could not be forwarded to {Target}; retrying in {Seconds} s. No events are lost.",
                    target.Name,
                    wait.TotalSeconds
                );
                await Task.Delay(wait, clock, stoppingToken);
                wait = wait * 2 < LongestWait ? wait * 2 : LongestWait;
            }
        }
    }

    private async Task ForwardAllAsync(CancellationToken ct)
    {
        while (await ForwardAsync(ct) == BatchSize)
        {
            // A full batch, so more events may follow.
        }
    }

    private async Task<int> ForwardAsync(CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        if (!await scope.ServiceProvider.GetRequiredService<LeaderLock>().TryHoldAsync(ct))
        {
            return 0;
        }

        var db = scope.ServiceProvider.GetRequiredService<AppDbContext>();
        var cursor = await db.AuditCursors.AsNoTracking().SingleOrDefaultAsync(row => row.Name == CursorName, ct);
        var last = cursor?.LastId ?? 0;
        var events = await db
            .AuditEvents.Where(entry => entry.Id > last)
            .OrderBy(entry => entry.Id)
            .Take(BatchSize)
            .AsNoTracking()
            .ToListAsync(ct);
        if (events.Count == 0)
        {
            return 0;
        }

        if (events[0].Id > last + 1)
        {
            log.LogWarning("Retention deleted the audit events {From} to {To} before they were forwarded.", last + 1, events[0].Id - 1);
        }

        var lines = new StringBuilder();
        events.ForEach(entry => lines.Append(JsonSerializer.Serialize(entry.ToEntry(), JsonSerializerOptions.Web)).Append('\n'));
        await WriteAsync(Encoding.UTF8.GetBytes(lines.ToString()), ct);
        await MoveAsync(db, cursor is null, events[^1].Id, ct);
        return events.Count;
    }

    private async Task WriteAsync(byte[] lines, CancellationToken ct)
    {
        await using var stream = target.Open();
        await stream.WriteAsync(lines, ct);
        if (stream is FileStream file)
        {
            file.Flush(flushToDisk: true);
        }
    }

    private static Task<int> MoveAsync(AppDbContext db, bool isNew, long to, CancellationToken ct) =>
        db.WriteUnauditedAsync(
            UnauditedWrite.Forwarding,
            async () =>
            {
                if (isNew)
                {
                    db.Add(new AuditCursor { Name = CursorName, LastId = to });
                    return await db.SaveChangesAsync(ct);
                }

                // Another process that also forwards may be ahead.
                return await db
                    .AuditCursors.Where(row => row.Name == CursorName && row.LastId < to)
                    .ExecuteUpdateAsync(set => set.SetProperty(row => row.LastId, to), ct);
            },
            ct
        );

    private async Task WaitAsync(ChannelReader<bool> notices, CancellationToken ct)
    {
        try
        {
            await notices.ReadAsync(ct).AsTask().WaitAsync(PollInterval, clock, ct);
            await Task.Delay(Gather, clock, ct);
        }
        catch (TimeoutException)
        {
            // The poll interval has elapsed.
        }
    }
}
