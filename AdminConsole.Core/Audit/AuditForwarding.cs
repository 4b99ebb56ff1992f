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

/// <summary>Where events are forwarded to.</summary>
/// <param name="Name">As the log shows it.</param>
/// <param name="Open">Opens it for appending whole lines; closed after each batch.</param>
public sealed record ForwardTarget(string Name, Func<Stream> Open);

/// <summary>
/// Sends every event on as a line of JSON, oldest first and at least once: the cursor in the database moves after the
/// lines are written out.
/// Of several nodes one forwards. It reads by id on its own, so no change ever waits for it; where it cannot write it
/// tries again, less and less often.
/// </summary>
public sealed class AuditForwarding(
    ForwardTarget target,
    ChangeFeed feed,
    IServiceScopeFactory scopes,
    TimeProvider clock,
    ILogger<AuditForwarding> log
) : Worker("forwarding")
{
    private const string CursorName = "forward";
    private const int BatchSize = 1_000;

    // Events of another process are announced by nobody.
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(5);

    // Single events wait for others, so that the cursor is not written once for each.
    private static readonly TimeSpan Gather = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var notices = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
        using var subscription = feed.Listen(_ => notices.Writer.TryWrite(true));
        var wait = TimeSpan.FromSeconds(1);
        var round = Noted(clock, ForwardAllAsync);
        while (true)
        {
            try
            {
                await round(stoppingToken);
                wait = TimeSpan.FromSeconds(1);
                await WaitAsync(notices.Reader, stoppingToken);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                log.LogError(
                    exception,
                    "Audit events could not be forwarded to {Target}; trying again in {Seconds} s. None is lost.",
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
            // There are more.
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
        var cursor = await db.AuditCursors.AsNoTracking().SingleOrDefaultAsync(one => one.Name == CursorName, ct);
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
            log.LogWarning("Retention cut the audit events {From} to {To} before they were forwarded.", last + 1, events[0].Id - 1);
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

                // Another process that forwards too may be further on.
                return await db
                    .AuditCursors.Where(one => one.Name == CursorName && one.LastId < to)
                    .ExecuteUpdateAsync(set => set.SetProperty(one => one.LastId, to), ct);
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
            // Time to look.
        }
    }
}
