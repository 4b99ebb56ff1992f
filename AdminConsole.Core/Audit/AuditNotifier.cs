using System.Collections.Concurrent;
using System.Threading.Channels;
using AdminConsole.Core.Changes;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AdminConsole.Core.Audit;

/// <summary>Events that have just been written and match, the newest first.</summary>
/// <param name="Events">At most <see cref="AuditNotifier.MaxBatch"/>.</param>
/// <param name="AreMore">True where even more came at once, and only the newest are here.</param>
public sealed record AuditBatch(IReadOnlyList<AuditEntry> Events, bool AreMore);

/// <summary>
/// Tells open pages of new events. Pages that filter alike share one query, and events that come while it runs are
/// answered
/// together by the next.
/// </summary>
public sealed class AuditNotifier(ChangeFeed feed, IServiceScopeFactory scopes, ILogger<AuditNotifier> log) : BackgroundService
{
    public const int MaxBatch = 200;

    private readonly ConcurrentDictionary<object, (AuditQuery Query, Action<AuditBatch> Tell)> listeners = new();

    // Only how far the log goes matters, and the latest word on that is the best.
    private readonly Channel<long> ends = Channel.CreateBounded<long>(
        new BoundedChannelOptions(1) { SingleReader = true, FullMode = BoundedChannelFullMode.DropOldest }
    );

    private long told = -1;

    /// <summary>Calls back with what is new and matches; only hand it over there. Listeners may only be shown it where
    /// the viewer holds audit.read. Dispose to stop.</summary>
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
            Interlocked.CompareExchange(ref told, changes[0].EventId - 1, -1);
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
                // What was not told is told with the next event.
                log.LogError(exception, "Open pages were not told of new events.");
            }
        }
    }

    private async Task PublishAsync(long end, CancellationToken ct)
    {
        var from = Interlocked.Read(ref told);
        // Two commits may announce themselves in the other order.
        if (end <= from)
        {
            return;
        }

        foreach (var alike in listeners.Values.GroupBy(listener => listener.Query))
        {
            await using var scope = scopes.CreateAsyncScope();
            var db = scope.ServiceProvider.GetRequiredService<AppDbContext>();
            var rows = await db
                .AuditEvents.Where(entry => entry.Id > from && entry.Id <= end)
                .Matching(alike.Key)
                .OrderByDescending(entry => entry.Id)
                .Take(MaxBatch + 1)
                .AsNoTracking()
                .ToListAsync(ct);
            if (rows.Count > 0)
            {
                var news = new AuditBatch([.. rows.Take(MaxBatch).Select(AuditEntries.ToEntry)], rows.Count > MaxBatch);
                foreach (var (_, tell) in alike)
                {
                    tell(news);
                }
            }
        }

        Interlocked.Exchange(ref told, end);
    }

    private sealed class Subscription(Action stop) : IDisposable
    {
        public void Dispose() => stop();
    }
}
