using System.Collections.Concurrent;
using AdminConsole.Core.Audit;
using AdminConsole.Core.Common;
using Microsoft.Extensions.Logging;

namespace AdminConsole.Core.Changes;

/// <summary>A committed audit event, as published to subscribers in this process.</summary>
public sealed record ChangeNotice(long EventId, string Action, string? TargetType, string? TargetId, Guid? ActorId)
{
    /// <summary>True when the change targets this user, role or session.</summary>
    public bool Concerns(string type, Guid id) => TargetType == type && TargetId == id.ToString();
}

/// <summary>Publishes committed changes to subscribers in this process. Changes of this process are published right
/// after their commit, those of other nodes as soon as their notice arrives. The events of one change are in
/// order.</summary>
public sealed class ChangeFeed(ILogger<ChangeFeed> log)
{
    private readonly ConcurrentDictionary<object, Action<IReadOnlyList<ChangeNotice>>> listeners = new();
    private volatile bool isComplete = true;

    /// <summary>False while changes of other nodes may be missed. While false, caches must be bypassed and not
    /// filled.</summary>
    public bool IsComplete
    {
        get => isComplete;
        internal set => isComplete = value;
    }

    /// <summary>Runs on this node after other nodes have committed changes.</summary>
    internal Func<CancellationToken, Task> AfterRemoteCommit { get; set; } = _ => Task.CompletedTask;

    /// <summary>The id that marks the announcements of this process to other nodes.</summary>
    internal string Node { get; } = Guid.CreateVersion7().ToString("N");

    /// <summary>Subscribes to changes. The listener runs after each commit on the committing thread, and must leave any
    /// work to another thread. Dispose the result to unsubscribe.</summary>
    public IDisposable Listen(Action<IReadOnlyList<ChangeNotice>> listener)
    {
        var key = new object();
        listeners[key] = listener;
        return new Subscription(() => listeners.TryRemove(key, out _));
    }

    internal void Publish(IReadOnlyList<AuditEvent> events)
    {
        foreach (var entry in events)
        {
            ConsoleMetrics.EventCommitted(entry);
        }

        if (events.Count > 0 && !listeners.IsEmpty)
        {
            Publish(
                events.Select(entry => new ChangeNotice(entry.Id, entry.Action, entry.TargetType, entry.TargetId, entry.ActorId)).ToList()
            );
        }
    }

    /// <summary>Publishes changes that another node committed.</summary>
    internal void Publish(IReadOnlyList<ChangeNotice> notices)
    {
        foreach (var listener in listeners.Values)
        {
            try
            {
                listener(notices);
            }
            catch (Exception exception)
            {
                // The change is committed. A failing listener must neither make it look failed nor keep it from other
                // listeners.
                log.LogError(exception, "A listener of the change feed failed.");
            }
        }
    }
}
