using System.Collections.Concurrent;
using AdminConsole.Startup;

namespace AdminConsole.Http;

/// <summary>Counts what lasts, by its user, and lets in no more of each than the limit; 0 is no limit.</summary>
public class OpenPerUser(int limit)
{
    private readonly ConcurrentDictionary<Guid, int> open = new();

    /// <summary>Runs what lasts, or else says that there is no room for another.</summary>
    public async Task HoldAsync(Guid user, Func<Task> run, Func<Task> refuse)
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

/// <summary>The streams of events that are followed.</summary>
public sealed class OpenStreams(ConsoleSettings settings) : OpenPerUser(settings.OpenStreamsPerUser);
