using System.Collections.Concurrent;
using AdminConsole.Core.Common;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace AdminConsole.Core.System;

/// <summary>Stores since when each check of this node has had its current status.</summary>
public sealed class CheckHistory(TimeProvider clock)
{
    private readonly ConcurrentDictionary<string, (HealthStatus Status, DateTimeOffset Since)> known = new(StringComparer.Ordinal);

    /// <summary>Stores a status, and returns since when it is unchanged.</summary>
    internal DateTimeOffset Record(string check, HealthStatus status)
    {
        var now = clock.Now();
        return known.AddOrUpdate(check, (status, now), (_, before) => before.Status == status ? before : (status, now)).Since;
    }
}
