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

/// <summary>An item of the stream: an event; a range of ids that retention deleted before they were sent; or, with
/// neither, a keep-alive.</summary>
public sealed record AuditStreamItem(AuditEntry? Entry, long? GapFrom = null, long? GapTo = null);

/// <summary>Streams events as they are recorded. Subscribes to the change feed before reading by id, and reads again at
/// each notice, so no event is missed or sent twice. Holds no database context while waiting. Ends when the actor loses
/// audit.read or the application stops.</summary>
public sealed class AuditStream(ChangeFeed feed, IServiceScopeFactory scopes, IHostApplicationLifetime lifetime, TimeProvider clock)
{
    private const int BatchSize = 200;

    // Also the maximum delay for changes that raise no notice, such as events of another process or an expired session.
    private static readonly TimeSpan KeepAliveInterval = TimeSpan.FromSeconds(5);

    /// <summary>Starts after the event with the given id or, if it is null, with the newest matching event. The query's
    /// filters apply, its paging does not. Requires audit.read. Refused as <c>invalid_request</c> if the id is not that
    /// of a recorded event.</summary>
    public async Task<Result<IAsyncEnumerable<AuditStreamItem>>> BeginAsync(
        Actor actor,
        AuditQuery query,
        string? lastEventId,
        CancellationToken ct
    )
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
        return viewed.Then(_ => FollowAsync(actor, query, lastEventId is null ? null : after, ct));
    }

    private async IAsyncEnumerable<AuditStreamItem> FollowAsync(
        Actor actor,
        AuditQuery query,
        long? after,
        [EnumeratorCancellation] CancellationToken ct
    )
    {
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(ct, lifetime.ApplicationStopping);
        var notices = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
        var mustReauthorize = true;
        using var subscription = feed.Listen(changes =>
        {
            if (changes.Any(change => Affects(change, actor)))
            {
                Volatile.Write(ref mustReauthorize, true);
            }

            notices.Writer.TryWrite(true);
        });

        var last = after;
        var authorizedAt = clock.GetTimestamp();
        while (!stopping.IsCancellationRequested)
        {
            if (Interlocked.Exchange(ref mustReauthorize, false) || clock.GetElapsedTime(authorizedAt) > KeepAliveInterval)
            {
                if (!await StillAuthorizedAsync(actor, stopping.Token))
                {
                    yield break;
                }

                authorizedAt = clock.GetTimestamp();
            }

            var (items, seen) = await ReadAsync(query, last, stopping.Token);
            foreach (var item in items)
            {
                yield return item;
            }

            last = seen;
            if (items.Count < BatchSize && !await HeardAsync(notices.Reader, stopping.Token))
            {
                yield return new AuditStreamItem(null);
            }
        }
    }

    private static bool Affects(ChangeNotice change, Actor actor) =>
        (change.TargetType == AuditTargetTypes.User && change.TargetId == actor.UserId.ToString())
        || change.TargetType is AuditTargetTypes.Session or AuditTargetTypes.Role or AuditTargetTypes.Token or AuditTargetTypes.Device;

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

    // Ids are gapless and in commit order, so later events have greater ids.
    private async Task<(List<AuditStreamItem> Items, long Last)> ReadAsync(AuditQuery query, long? after, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<AppDbContext>();
        var head = await db.ReadHeadAsync(CancellationToken.None);
        if (after is not { } from)
        {
            var (newest, _) = await new AuditSearch(db, query with { Before = head.LastId + 1, Limit = 1 }).NewestAsync(ct);
            return ([.. newest.Take(1).Select(entry => new AuditStreamItem(entry.ToEntry()))], head.LastId);
        }

        var items = new List<AuditStreamItem>();
        if (from < head.CheckpointId)
        {
            items.Add(new AuditStreamItem(null, from + 1, head.CheckpointId));
            from = head.CheckpointId;
        }

        var found = await db
            .AuditEvents.Where(entry => entry.Id > from && entry.Id <= head.LastId)
            .InOrder(query)
            .OrderBy(entry => entry.Id)
            .Take(BatchSize)
            .AsNoTracking()
            .ToListAsync(ct);
        items.AddRange(found.Select(entry => new AuditStreamItem(entry.ToEntry())));
        return (items, found.Count == BatchSize ? found[^1].Id : head.LastId);
    }

    // Returns false if no notice arrived within the interval and a keep-alive is due.
    private async Task<bool> HeardAsync(ChannelReader<bool> notices, CancellationToken ct)
    {
        try
        {
            await notices.ReadAsync(ct).AsTask().WaitAsync(KeepAliveInterval, clock, ct);
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
