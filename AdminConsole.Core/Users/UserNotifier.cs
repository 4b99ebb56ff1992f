using System.Collections.Concurrent;
using System.Threading.Channels;
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

/// <summary>The users after a change: those created or updated, and the ids of those deleted. If a role changed,
/// includes all roles.</summary>
public sealed class UsersChanged(IServiceScopeFactory scopes)
{
    private readonly ConcurrentDictionary<UserQuery, Lazy<Task<Result<Page<UserDetails>>>>> lists = new();

    public required IReadOnlyList<UserDetails> Users { get; init; }

    public required IReadOnlySet<Guid> Created { get; init; }

    public required IReadOnlySet<Guid> Deleted { get; init; }

    public required IReadOnlyList<RoleChoice>? Roles { get; init; }

    /// <summary>True when the change affects a page that shows these rows.</summary>
    public bool Concerns(IReadOnlyList<UserDetails> rows) => AltersList(rows) || Users.Any(user => rows.Any(row => row.Id == user.Id));

    /// <summary>True when the change may have added or removed rows.</summary>
    public bool AltersList(IReadOnlyList<UserDetails> rows) =>
        Roles is not null || Created.Count > 0 || rows.Any(row => Deleted.Contains(row.Id));

    /// <summary>Returns a page of users after the change. All calls with the same query share one database
    /// query.</summary>
    /// <param name="actor">The viewer, as known to the open page.</param>
    /// <param name="query">The query of the page.</param>
    public Task<Result<Page<UserDetails>>> ListAsync(Actor actor, UserQuery query) =>
        actor.Require(Permissions.UsersRead) is { } refused
            ? Task.FromResult<Result<Page<UserDetails>>>(refused)
            : lists.GetOrAdd(query, key => new(() => FindAsync(actor, key))).Value;

    private async Task<Result<Page<UserDetails>>> FindAsync(Actor actor, UserQuery query)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<UserDirectory>().ListAsync(actor, query, CancellationToken.None);
    }
}

/// <summary>Notifies open pages of changes to users and roles. One query serves all pages: notices that arrive while it
/// runs are combined into the next one.</summary>
public sealed class UserNotifier(ChangeFeed feed, IServiceScopeFactory scopes, TimeProvider clock, ILogger<UserNotifier> log)
    : BackgroundService
{
    private readonly ConcurrentDictionary<object, Action<UsersChanged>> listeners = new();
    private readonly Channel<ChangeNotice> notices = Channel.CreateUnbounded<ChangeNotice>(
        new UnboundedChannelOptions { SingleReader = true }
    );

    /// <summary>Subscribes to changes. The callback must return quickly, and may show a change only to viewers with
    /// users.read. Dispose the result to unsubscribe.</summary>
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
            foreach (var change in changes.Where(change => change.TargetType is AuditTargetTypes.User or AuditTargetTypes.Role))
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
            catch (Exception exception) when (exception is not OperationCanceledException || !stoppingToken.IsCancellationRequested)
            {
                log.LogError(exception, "Could not notify open pages of changed users.");
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
            roles |= notice.TargetType == AuditTargetTypes.Role && notice.Action != AuditActions.AccessDenied;
            if (notice.TargetType == AuditTargetTypes.User && Guid.TryParse(notice.TargetId, out var id))
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
}
