using System.Collections.Concurrent;
using AdminConsole.Core.Changes;
using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AdminConsole.Core.Tokens;

/// <summary>The time and IP address of a token's last use, in memory until they are stored. Thread-safe.</summary>
internal sealed class TokenUsage
{
    private long at;
    private string? ip;

    /// <summary>The ticks of the last use that is stored in the database.</summary>
    public long Written { get; set; }

    public long At => Volatile.Read(ref at);

    public string? Ip => Volatile.Read(ref ip);

    // A precision of one second is enough, and avoids cache line contention between processors.
    public void Record(long ticks, string? from)
    {
        if (ticks - Volatile.Read(ref at) >= TimeSpan.TicksPerSecond || from != ip)
        {
            Volatile.Write(ref ip, from);
            Volatile.Write(ref at, ticks);
        }
    }
}

/// <summary>Stores the last use of tokens once a minute and at shutdown, instead of with each request.</summary>
public sealed class TokenUsageWriter(IServiceScopeFactory scopes, TimeProvider clock, ILogger<TokenUsageWriter> log)
    : PeriodicWorker("lastUsed")
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    // Longer than the token verifier caches a token, so that no cached token refers to an evicted entry.
    private static readonly TimeSpan EvictAfter = TimeSpan.FromMinutes(5);

    private readonly ConcurrentDictionary<Guid, TokenUsage> usages = new();
    private readonly SemaphoreSlim flushing = new(1, 1);
    private Task? lastFlush;

    /// <summary>Stores all uses since the last flush.</summary>
    public async Task FlushAsync(CancellationToken ct)
    {
        await flushing.WaitAsync(ct);
        try
        {
            var due = usages
                .Where(pair => pair.Value.At > pair.Value.Written)
                .Select(pair => (Id: pair.Key, Usage: pair.Value, pair.Value.At, pair.Value.Ip))
                .ToList();
            if (due.Count > 0)
            {
                await WriteAsync(due, ct);
            }

            var old = clock.GetUtcNow().Ticks - EvictAfter.Ticks;
            foreach (var (id, _) in usages.Where(pair => pair.Value.At < old))
            {
                usages.TryRemove(id, out _);
            }
        }
        finally
        {
            flushing.Release();
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        // Requests have ended, so this is the last flush. If the host is stopped twice concurrently, both calls wait
        // for it.
        Task flush;
        lock (usages)
        {
            flush = lastFlush ??= FlushAsync(cancellationToken);
        }

        await flush;
    }

    public override void Dispose()
    {
        flushing.Dispose();
        base.Dispose();
    }

    internal TokenUsage Of(Guid id) => usages.GetOrAdd(id, static _ => new TokenUsage());

    /// <summary>Returns the token with its last use, including one that is not stored yet.</summary>
    internal TokenSummary WithCurrentUsage(TokenSummary token) =>
        usages.TryGetValue(token.Id, out var usage)
        && new DateTimeOffset(usage.At, TimeSpan.Zero).Stored() is var at
        && usage.At > 0
        && (token.LastUsedAt is not { } known || known < at)
            ? token with
            {
                LastUsedAt = at,
                LastUsedIp = usage.Ip,
            }
            : token;

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        RunPeriodicallyAsync(
            clock,
            Interval,
            StoringResult(clock, FlushAsync),
            log,
            "The last-used times of personal access tokens could not be stored",
            stoppingToken
        );

    private async Task WriteAsync(List<(Guid Id, TokenUsage Usage, long At, string? Ip)> due, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<AppDbContext>();
        await db.WriteUnauditedAsync(
            UnauditedWrite.LastUsed,
            async () =>
            {
                var written = 0;
                foreach (var (id, _, ticks, ip) in due)
                {
                    var at = new DateTimeOffset(ticks, TimeSpan.Zero).Stored();
                    written += await db
                        .PersonalAccessTokens.Where(token => token.Id == id && (token.LastUsedAt == null || token.LastUsedAt < at))
                        .ExecuteUpdateAsync(
                            set => set.SetProperty(token => token.LastUsedAt, at).SetProperty(token => token.LastUsedIp, ip),
                            ct
                        );
                }

                return written;
            },
            ct
        );
        due.ForEach(entry => entry.Usage.Written = entry.At);
    }
}
