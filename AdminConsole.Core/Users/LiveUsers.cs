using System.Collections.Concurrent;
using System.Threading.Channels;
using AdminConsole.Core.Audit;
using AdminConsole.Core.Changes;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AdminConsole.Core.Users;

/// <summary>Users as they became: those created or changed, and the ids of those deleted.</summary>
public sealed record UsersChanged(IReadOnlyList<UserDetails> Users, IReadOnlySet<Guid> Created, IReadOnlySet<Guid> Deleted);

/// <summary>
/// Tells open pages how users changed. However many pages are open, one query serves them all: notices that arrive while one
/// runs are answered together by the next.
/// </summary>
public sealed class LiveUsers(ChangeFeed feed, IServiceScopeFactory scopes, TimeProvider clock, ILogger<LiveUsers> log) : BackgroundService
{
    private readonly ConcurrentDictionary<object, Action<UsersChanged>> listeners = new();
    private readonly Channel<ChangeNotice> notices = Channel.CreateUnbounded<ChangeNotice>(new UnboundedChannelOptions { SingleReader = true });

    /// <summary>Calls back with what changed; only hand it over there. Listeners may only be shown it where the viewer holds users.read. Dispose to stop.</summary>
    public IDisposable Listen(Action<UsersChanged> listener)
    {
        var key = new object();
        listeners[key] = listener;
        return new Subscription(() => listeners.TryRemove(key, out _));
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var subscription = feed.Listen(changes =>
        {
            foreach (var change in changes.Where(change => change.TargetType == "user"))
            {
                notices.Writer.TryWrite(change);
            }
        });
        while (await notices.Reader.WaitToReadAsync(stoppingToken))
        {
            try
            {
                await TellAsync(stoppingToken);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                log.LogError(exception, "Open pages were not told of a change.");
            }
        }
    }

    private async Task TellAsync(CancellationToken ct)
    {
        var ids = new HashSet<Guid>();
        var created = new HashSet<Guid>();
        while (notices.Reader.TryRead(out var notice))
        {
            if (Guid.TryParse(notice.TargetId, out var id))
            {
                ids.Add(id);
                if (notice.Action == AuditActions.UserCreated)
                {
                    created.Add(id);
                }
            }
        }

        if (listeners.IsEmpty)
        {
            return;
        }

        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<AppDbContext>();
        var users = await db.Users.Where(user => EF.Parameter(ids).Contains(user.Id)).ToDetailsAsync(db, clock.Now(), ct);
        var deleted = ids.Except(users.Select(user => user.Id)).ToHashSet();
        var changed = new UsersChanged(users, created, deleted);
        foreach (var listener in listeners.Values)
        {
            listener(changed);
        }
    }

    private sealed class Subscription(Action stop) : IDisposable
    {
        public void Dispose() => stop();
    }
}
