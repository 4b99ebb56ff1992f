using System.Collections.Concurrent;
using System.Threading.Channels;
using AdminConsole.Core.Audit;
using AdminConsole.Core.Changes;
using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Data;
using AdminConsole.Core.Roles;
using AdminConsole.Core.Security;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AdminConsole.Core.Users;

/// <summary>Users as they became: those created or changed, and the ids of those deleted. Where a role changed, all
/// roles.</summary>
public sealed class UsersChanged(IServiceScopeFactory scopes)
{
    private readonly ConcurrentDictionary<UserQuery, Lazy<Task<Result<Page<UserDetails>>>>> lists = new();

    public required IReadOnlyList<UserDetails> Users { get; init; }

    public required IReadOnlySet<Guid> Created { get; init; }

    public required IReadOnlySet<Guid> Deleted { get; init; }

    public required IReadOnlyList<RoleChoice>? Roles { get; init; }

    /// <summary>Whether a page with these rows shows anything of it.</summary>
    public bool Concerns(IReadOnlyList<UserDetails> rows) => AltersList(rows) || Users.Any(user => rows.Any(row => row.Id == user.Id));

    /// <summary>Whether there may be other rows now than these.</summary>
    public bool AltersList(IReadOnlyList<UserDetails> rows) =>
        Roles is not null || Created.Count > 0 || rows.Any(row => Deleted.Contains(row.Id));

    /// <summary>A page of users as it became. However many ask for the same one, it is looked up once.</summary>
    /// <param name="actor">Who looks, as their open page knows them.</param>
    /// <param name="query">What they look at.</param>
    public Task<Result<Page<UserDetails>>> ListAsync(Actor actor, UserQuery query) =>
        actor.Require(Permissions.UsersRead) is { } refused
            ? Task.FromResult<Result<Page<UserDetails>>>(refused)
            : lists.GetOrAdd(query, asked => new(() => FindAsync(actor, asked))).Value;

    private async Task<Result<Page<UserDetails>>> FindAsync(Actor actor, UserQuery query)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<UserDirectory>().ListAsync(actor, query, CancellationToken.None);
    }
}

/// <summary>
/// Tells open pages how users, and the roles they may have, changed. However many pages are open, one query serves them
/// all: notices that arrive while one
/// runs are answered together by the next.
/// </summary>
public sealed class UserNotifier(ChangeFeed feed, IServiceScopeFactory scopes, TimeProvider clock, ILogger<UserNotifier> log)
    : BackgroundService
{
    private readonly ConcurrentDictionary<object, Action<UsersChanged>> listeners = new();
    private readonly Channel<ChangeNotice> notices = Channel.CreateUnbounded<ChangeNotice>(
        new UnboundedChannelOptions { SingleReader = true }
    );

    /// <summary>Calls back with what changed; only hand it over there. Listeners may only be shown it where the viewer
    /// holds users.read. Dispose to stop.</summary>
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
            foreach (var change in changes.Where(change => change.TargetType is "user" or "role"))
            {
                notices.Writer.TryWrite(change);
            }
        });
        while (await notices.Reader.WaitToReadAsync(stoppingToken))
        {
            try
            {
                await PublishAsync(stoppingToken);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                log.LogError(exception, "Open pages were not told of a change.");
            }
        }
    }

    private async Task PublishAsync(CancellationToken ct)
    {
        var ids = new HashSet<Guid>();
        var created = new HashSet<Guid>();
        var roles = false;
        while (notices.Reader.TryRead(out var notice))
        {
            roles |= notice.TargetType == "role" && notice.Action != AuditActions.AccessDenied;
            if (notice.TargetType == "user" && Guid.TryParse(notice.TargetId, out var id))
            {
                ids.Add(id);
                if (notice.Action == AuditActions.UserCreated)
                {
                    created.Add(id);
                }
            }
        }

        if (listeners.IsEmpty || (ids.Count == 0 && !roles))
        {
            return;
        }

        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<AppDbContext>();
        var users =
            ids.Count == 0 ? [] : await db.Users.Where(user => EF.Parameter(ids).Contains(user.Id)).ToDetailsAsync(db, clock.Now(), ct);
        var changed = new UsersChanged(scopes)
        {
            Users = users,
            Created = created,
            Deleted = ids.Except(users.Select(user => user.Id)).ToHashSet(),
            Roles = roles ? await db.Roles.ChoicesAsync(ct) : null,
        };
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
