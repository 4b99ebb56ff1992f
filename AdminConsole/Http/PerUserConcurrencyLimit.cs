using System.Collections.Concurrent;
using AdminConsole.Startup;

namespace AdminConsole.Http;

/// <summary>Limits concurrent long-lived requests per user; 0 is no limit.</summary>
public class PerUserConcurrencyLimit(int limit)
{
    private readonly ConcurrentDictionary<Guid, int> open = new();

    /// <summary>Calls <paramref name="run"/>, or <paramref name="refuse"/> when the user has reached the
    /// limit.</summary>
    public async Task RunAsync(Guid user, Func<Task> run, Func<Task> refuse)
    {
        var count = open.AddOrUpdate(user, 1, (_, others) => others + 1);
        try
        {
            await (limit > 0 && count > limit ? refuse() : run());
        }
        finally
        {
            open.AddOrUpdate(user, 0, (_, all) => all - 1);
            open.TryRemove(new KeyValuePair<Guid, int>(user, 0));
        }
    }
}

/// <summary>Counts the open audit event streams.</summary>
public sealed class OpenStreams(ConsoleSettings settings) : PerUserConcurrencyLimit(settings.OpenStreamsPerUser);
