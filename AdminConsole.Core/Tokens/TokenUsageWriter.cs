using System.Collections.Concurrent;
using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AdminConsole.Core.Tokens;

/// <summary>When and from where a token was last used, in memory until it is written down.</summary>
internal sealed class TokenUsage
{
    private long at;
    private string? ip;

    /// <summary>Up to when it is in the database.</summary>
    public long Written { get; set; }

    public long At => Volatile.Read(ref at);

    public string? Ip => Volatile.Read(ref ip);

    // The second is precise enough, and spares processors from passing the same line of memory around.
    public void Note(long ticks, string? from)
    {
        if (ticks - Volatile.Read(ref at) >= TimeSpan.TicksPerSecond || from != ip)
        {
            Volatile.Write(ref ip, from);
            Volatile.Write(ref at, ticks);
        }
    }
}

/// <summary>Writes down once a minute, and when the program ends in order, which tokens were used since; never one
/// write per request.</summary>
public sealed class TokenUsageWriter(IServiceScopeFactory scopes, TimeProvider clock, ILogger<TokenUsageWriter> log) : Worker("lastUsed")
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    // Longer than the verifier remembers a token, so that nobody holds what is forgotten here.
    private static readonly TimeSpan Evict = TimeSpan.FromMinutes(5);

    private readonly ConcurrentDictionary<Guid, TokenUsage> uses = new();
    private readonly SemaphoreSlim flushing = new(1, 1);
    private Task? last;

    /// <summary>Writes what is not written yet; the worker does it regularly.</summary>
    public async Task FlushAsync(CancellationToken ct)
    {
        await flushing.WaitAsync(ct);
        try
        {
            var due = uses.Where(pair => pair.Value.At > pair.Value.Written)
                .Select(pair => (Id: pair.Key, Use: pair.Value, pair.Value.At, pair.Value.Ip))
                .ToList();
            if (due.Count > 0)
            {
                await WriteAsync(due, ct);
            }

            var old = clock.GetUtcNow().Ticks - Evict.Ticks;
            foreach (var (id, _) in uses.Where(pair => pair.Value.At < old))
            {
                uses.TryRemove(id, out _);
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
        // The server takes no requests any more, so nothing comes after this. A host may be stopped from two sides at
        // once: both wait.
        Task flush;
        lock (uses)
        {
            flush = last ??= FlushAsync(cancellationToken);
        }

        await flush;
    }

    public override void Dispose()
    {
        flushing.Dispose();
        base.Dispose();
    }

    internal TokenUsage Of(Guid id) => uses.GetOrAdd(id, static _ => new TokenUsage());

    /// <summary>The same with what is not in the database yet.</summary>
    internal TokenSummary Complete(TokenSummary token) =>
        uses.TryGetValue(token.Id, out var use)
        && new DateTimeOffset(use.At, TimeSpan.Zero).Stored() is var at
        && use.At > 0
        && (token.LastUsedAt is not { } known || known < at)
            ? token with
            {
                LastUsedAt = at,
                LastUsedIp = use.Ip,
            }
            : token;

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Rounds.RunAsync(
            clock,
            Interval,
            Noted(clock, FlushAsync),
            log,
            "When tokens were last used could not be written down",
            stoppingToken
        );

    private async Task WriteAsync(List<(Guid Id, TokenUsage Use, long At, string? Ip)> due, CancellationToken ct)
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
        due.ForEach(one => one.Use.Written = one.At);
    }
}
