using System.Collections.Concurrent;
using AdminConsole.Core.Common;
using AdminConsole.Core.Providers;

namespace AdminConsole.Authentication;

/// <summary>A test sign-in: the identity and all claims, or why the response was refused.</summary>
public sealed record ProviderTestRun(
    Guid ProviderId,
    ExternalIdentity? Identity,
    IReadOnlyList<(string Type, string Value)> Claims,
    Refusal? Refusal
);

/// <summary>The last test sign-in of each user, kept in memory for five minutes.</summary>
public sealed class ProviderTests(TimeProvider clock)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    private readonly ConcurrentDictionary<Guid, (ProviderTestRun Run, DateTimeOffset ExpiresAt)> runs = new();

    public void Keep(Guid userId, ProviderTestRun run)
    {
        var now = clock.GetUtcNow();
        foreach (var (user, kept) in runs)
        {
            if (kept.ExpiresAt <= now)
            {
                runs.TryRemove(user, out _);
            }
        }

        runs[userId] = (run, now + Lifetime);
    }

    /// <summary>Returns the user's last test of this provider; null if there is none.</summary>
    public ProviderTestRun? Find(Guid userId, Guid providerId) =>
        runs.TryGetValue(userId, out var kept) && kept.ExpiresAt > clock.GetUtcNow() && kept.Run.ProviderId == providerId ? kept.Run : null;
}
