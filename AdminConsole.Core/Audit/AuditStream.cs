using System.Globalization;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using AdminConsole.Core.Changes;
using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Data;
using AdminConsole.Core.Security;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace AdminConsole.Core.Audit;

/// <summary>What comes to who follows the log: an event; or events from one id to another that retention cut before
/// they were sent; or, with neither, a sign of life.</summary>
public sealed record AuditStreamItem(AuditEntry? Entry, long? GapFrom = null, long? GapTo = null);

/// <summary>The log as it is followed, without end.</summary>
public sealed record AuditTail(IAsyncEnumerable<AuditStreamItem> Signals);

/// <summary>
/// Follows the log as it grows. Subscribes to the change feed first and then reads by id, again at each notice, so
/// nothing is missed and
/// nothing comes twice; holds no database context while it waits; ends when the reader may read no more, and when the
/// program stops.
/// </summary>
public sealed class AuditStream(ChangeFeed feed, IServiceScopeFactory scopes, IHostApplicationLifetime lifetime, TimeProvider clock)
{
    private const int BatchSize = 200;

    // Also how soon events are seen, and a right is found to have ended, that no notice told of: another process, a
    // session that ran out.
    private static readonly TimeSpan SignOfLife = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Begins after the event with this id, or with the newest event where there is none. The filters of the query
    /// apply, its paging does not.
    /// Needs audit.read. Refused as <c>invalid_request</c> where the id is no number of an event there was.
    /// </summary>
    public async Task<Result<AuditTail>> BeginAsync(Actor actor, AuditQuery query, string? lastEventId, CancellationToken ct)
    {
        if (actor.Require(Permissions.AuditRead) is { } refused)
        {
            return refused;
        }

        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<AppDbContext>();
        var newest = (await db.ReadHeadAsync(ct)).LastId;
        var after = -1L;
        if (
            lastEventId is not null
            && !(long.TryParse(lastEventId, NumberStyles.None, CultureInfo.InvariantCulture, out after) && after <= newest)
        )
        {
            return Refusal.Invalid("invalid_request", "Last-Event-ID is the number of an event that was sent.");
        }

        var viewed = await scope.ServiceProvider.GetRequiredService<AuditReadLog>().RecordAsync(actor, query, ct);
        return viewed.Then(_ => new AuditTail(FollowAsync(actor, query, lastEventId is null ? null : after, ct)));
    }

    private async IAsyncEnumerable<AuditStreamItem> FollowAsync(
        Actor actor,
        AuditQuery query,
        long? after,
        [EnumeratorCancellation] CancellationToken ct
    )
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(ct, lifetime.ApplicationStopping);
        var notices = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
        var isToBeAsked = true;
        using var subscription = feed.Listen(changes =>
        {
            if (changes.Any(change => Affects(change, actor)))
            {
                Volatile.Write(ref isToBeAsked, true);
            }

            notices.Writer.TryWrite(true);
        });

        var last = after;
        var asked = clock.GetTimestamp();
        while (!ended.IsCancellationRequested)
        {
            if (Interlocked.Exchange(ref isToBeAsked, false) || clock.GetElapsedTime(asked) > SignOfLife)
            {
                if (!await StillAuthorizedAsync(actor, ended.Token))
                {
                    yield break;
                }

                asked = clock.GetTimestamp();
            }

            var (signals, seen) = await ReadAsync(query, last, ended.Token);
            foreach (var signal in signals)
            {
                yield return signal;
            }

            last = seen;
            if (signals.Count < BatchSize && !await HeardAsync(notices.Reader, ended.Token))
            {
                yield return new AuditStreamItem(null);
            }
        }
    }

    private static bool Affects(ChangeNotice change, Actor actor) =>
        (change.TargetType == "user" && change.TargetId == actor.UserId.ToString())
        || change.TargetType is "session" or "role" or "token" or "device";

    private async Task<bool> StillAuthorizedAsync(Actor actor, CancellationToken ct)
    {
        if (ct.IsCancellationRequested)
        {
            return false;
        }

        await using var scope = scopes.CreateAsyncScope();
        return await scope
            .ServiceProvider.GetRequiredService<ActorResolver>()
            .StillAuthorizedAsync(actor, Permissions.AuditRead, CancellationToken.None);
    }

    // Ids have no gaps and are in the order of commits, so whatever is later has a greater one.
    private async Task<(List<AuditStreamItem> Signals, long Last)> ReadAsync(AuditQuery query, long? after, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<AppDbContext>();
        var head = await db.ReadHeadAsync(CancellationToken.None);
        if (after is not { } from)
        {
            var (newest, _) = await new AuditSearch(db, query with { Before = head.LastId + 1, Limit = 1 }).NewestAsync(ct);
            return ([.. newest.Take(1).Select(entry => new AuditStreamItem(entry.ToEntry()))], head.LastId);
        }

        var signals = new List<AuditStreamItem>();
        if (from < head.CheckpointId)
        {
            signals.Add(new AuditStreamItem(null, from + 1, head.CheckpointId));
            from = head.CheckpointId;
        }

        var found = await db
            .AuditEvents.Where(entry => entry.Id > from && entry.Id <= head.LastId)
            .InOrder(query)
            .OrderBy(entry => entry.Id)
            .Take(BatchSize)
            .AsNoTracking()
            .ToListAsync(ct);
        signals.AddRange(found.Select(entry => new AuditStreamItem(entry.ToEntry())));
        return (signals, found.Count == BatchSize ? found[^1].Id : head.LastId);
    }

    // False where nothing was heard for so long that a sign of life is due.
    private async Task<bool> HeardAsync(ChannelReader<bool> notices, CancellationToken ct)
    {
        try
        {
            await notices.ReadAsync(ct).AsTask().WaitAsync(SignOfLife, clock, ct);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
        catch (OperationCanceledException)
        {
            return true;
        }
    }
}
