using System.Collections.Concurrent;
using AdminConsole.Core.Audit;
using Microsoft.Extensions.Logging;

namespace AdminConsole.Core.Changes;

/// <summary>What was just committed, for whoever has to know at once.</summary>
public sealed record ChangeNotice(long EventId, string Action, string? TargetType, string? TargetId, Guid? ActorId)
{
    /// <summary>True where the change was made to this user or role or session.</summary>
    public bool Concerns(string type, Guid id) => TargetType == type && TargetId == id.ToString();
}

/// <summary>Tells this process what was committed, in the order of commits as seen by each change.</summary>
public sealed class ChangeFeed(ILogger<ChangeFeed> log)
{
    private readonly ConcurrentDictionary<object, Action<IReadOnlyList<ChangeNotice>>> listeners = new();

    /// <summary>Calls back after each commit, on the committing thread: only note it down there, work elsewhere. Dispose to stop.</summary>
    public IDisposable Listen(Action<IReadOnlyList<ChangeNotice>> listener)
    {
        var key = new object();
        listeners[key] = listener;
        return new Subscription(() => listeners.TryRemove(key, out _));
    }

    internal void Publish(IReadOnlyList<AuditEvent> events)
    {
        if (events.Count == 0 || listeners.IsEmpty)
        {
            return;
        }

        var notices = events.Select(entry => new ChangeNotice(entry.Id, entry.Action, entry.TargetType, entry.TargetId, entry.ActorId)).ToList();
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
