using System.Collections.Concurrent;
using System.Threading.Channels;
using AdminConsole.Core.Changes;
using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AdminConsole.Core.Audit;

/// <summary>Matching events that were just recorded, newest first.</summary>
/// <param name="Events">At most <see cref="AuditNotifier.MaxBatch"/>.</param>
/// <param name="HasMore">True when there were more, and only the newest are included.</param>
public sealed record AuditBatch(IReadOnlyList<AuditEntry> Events, bool HasMore);

/// <summary>Notifies open pages of new events. Pages with equal filters share one query. Events recorded while it runs
/// are delivered together by the next one.</summary>
public sealed class AuditNotifier(ChangeFeed feed, IServiceScopeFactory scopes, ILogger<AuditNotifier> log) : BackgroundService
{
    public const int MaxBatch = 200;

    private readonly ConcurrentDictionary<object, (AuditQuery Query, Action<AuditBatch> Listener)> listeners = new();

    // Only the latest end of the log matters, so older values are dropped.
    private readonly Channel<long> ends = Channel.CreateBounded<long>(
        new BoundedChannelOptions(1) { SingleReader = true, FullMode = BoundedChannelFullMode.DropOldest }
    );

    private long published = -1;

    /// <summary>Subscribes to new events that match the query. The listener must return quickly, and must show the
    /// events only to viewers with audit.read. Dispose the result to unsubscribe.</summary>
    public IDisposable Listen(AuditQuery query, Action<AuditBatch> listener)
    {
        var key = new object();
        listeners[key] = (query with { Before = null }, listener);
        return new Subscription(() => listeners.TryRemove(key, out _));
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var subscription = feed.Listen(changes =>
        {
            Interlocked.CompareExchange(ref published, changes[0].EventId - 1, -1);
            ends.Writer.TryWrite(changes[^1].EventId);
        });
        await foreach (var end in ends.Reader.ReadAllAsync(stoppingToken))
        {
            try
            {
                await PublishAsync(end, stoppingToken);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                // The next notice publishes these events, too.
                log.LogError(exception, "Open pages could not be notified of new audit events.");
            }
        }
    }

    private async Task PublishAsync(long end, CancellationToken ct)
    {
        var from = Interlocked.Read(ref published);
        // Notices of two commits may arrive in reverse order.
        if (end <= from)
        {
            return;
        }

        foreach (var group in listeners.Values.GroupBy(subscriber => subscriber.Query))
        {
            await using var scope = scopes.CreateAsyncScope();
            var db = scope.ServiceProvider.GetRequiredService<AppDbContext>();
            var rows = await db
                .AuditEvents.Where(entry => entry.Id > from && entry.Id <= end)
                .Matching(group.Key)
                .OrderByDescending(entry => entry.Id)
                .Take(MaxBatch + 1)
                .AsNoTracking()
                .ToListAsync(ct);
            if (rows.Count > 0)
            {
                var batch = new AuditBatch([.. rows.Take(MaxBatch).Select(AuditEntries.ToEntry)], rows.Count > MaxBatch);
                foreach (var (_, listener) in group)
                {
                    listener(batch);
                }
            }
        }

        Interlocked.Exchange(ref published, end);
    }
}
