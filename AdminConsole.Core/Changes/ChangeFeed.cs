using System.Collections.Concurrent;
using AdminConsole.Core.Audit;
using AdminConsole.Core.System;
using Microsoft.Extensions.Logging;

namespace AdminConsole.Core.Changes;

/// <summary>Publishes what was just committed to subscribers in this process.</summary>
public sealed record ChangeNotice(long EventId, string Action, string? TargetType, string? TargetId, Guid? ActorId)
{
    /// <summary>True where the change was made to this user or role or session.</summary>
    public bool Concerns(string type, Guid id) => TargetType == type && TargetId == id.ToString();
}

/// <summary>Tells this process what was committed: by itself at once, in the order of commits as seen by each change;
/// by other nodes as soon as their notice arrives.</summary>
public sealed class ChangeFeed(ILogger<ChangeFeed> log)
{
    private readonly ConcurrentDictionary<object, Action<IReadOnlyList<ChangeNotice>>> listeners = new();
    private volatile bool isComplete = true;

    /// <summary>False while changes of other nodes may go unheard. What is remembered must not be relied on then, nor
    /// anything new be remembered.</summary>
    public bool IsComplete
    {
        get => isComplete;
        internal set => isComplete = value;
    }

    /// <summary>What this process signs its announcements to the others with.</summary>
    internal string Node { get; } = Guid.CreateVersion7().ToString("N");

    /// <summary>Calls back after each commit, on the committing thread: only note it down there, work elsewhere.
    /// Dispose to stop.</summary>
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

    /// <summary>Passes on what another node committed.</summary>
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
                // The change is committed; one deaf listener must not make it look failed, nor keep it from the others.
                log.LogError(exception, "A listener of the change feed failed.");
            }
        }
    }

    private sealed class Subscription(Action stop) : IDisposable
    {
        public void Dispose() => stop();
    }
}
