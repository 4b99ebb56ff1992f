using System.Text.Json.Serialization;

namespace AdminConsole.Core.Contracts;

/// <summary>The current status of the node that responds. Counters and timings start when the node starts.</summary>
public sealed record SystemStatus
{
    /// <summary><c>healthy</c>, <c>degraded</c> (works, but needs attention) or <c>unhealthy</c> (should receive no
    /// requests).</summary>
    public required string Status { get; init; }

    public required IReadOnlyList<SystemCheck> Checks { get; init; }

    public required NodeFacts Node { get; init; }

    public required DatabaseFacts Database { get; init; }

    /// <summary>The connection that receives changes from other nodes; null on SQLite, which has only one
    /// node.</summary>
    public required RelayFacts? Relay { get; init; }

    /// <summary>The newest event of the audit log; null if the database does not respond.</summary>
    public required LastEvent? LastEvent { get; init; }

    /// <summary>The number of open pages of signed-in users on this node.</summary>
    public required long OpenPages { get; init; }

    /// <summary>The number of unexpired sessions across all nodes; null if the database does not respond.</summary>
    public required long? LiveSessions { get; init; }

    public required TokenChecks Tokens { get; init; }

    public required HashingFacts Hashing { get; init; }

    /// <summary>The duration of changes, from the start to the commit or refusal.</summary>
    public required Timing Changes { get; init; }

    /// <summary>The queued emails; null if the database does not respond.</summary>
    public required OutboxFacts? Outbox { get; init; }

    public required DiskFacts Disk { get; init; }

    /// <summary>The background workers, sorted by name.</summary>
    public required IReadOnlyList<WorkerFacts> Workers { get; init; }
}

/// <summary>A health check: <c>audit</c>, <c>database</c>, <c>relay</c>, <c>disk</c> or <c>outbox</c>.</summary>
/// <param name="Name">The name of the check.</param>
/// <param name="Status"><c>healthy</c>, <c>degraded</c> or <c>unhealthy</c>.</param>
/// <param name="Problem">A sentence that describes the problem; null if there is none.</param>
public sealed record SystemCheck(string Name, string Status, string? Problem)
{
    /// <summary>When this node first saw the current status. Shown on the page only.</summary>
    [JsonIgnore]
    public DateTimeOffset? Since { get; init; }
}

/// <summary>The process of the node that responds. Its name consists of the machine name and process id.</summary>
public sealed record NodeFacts(string Name, string Version, DateTimeOffset StartedAt);

/// <summary>The database: the provider (<c>SQLite</c> or <c>PostgreSQL</c>), its size, and the duration of a small
/// read.</summary>
public sealed record DatabaseFacts(string Provider, long? SizeBytes, double? ReadMilliseconds);

/// <summary>True while this node receives changes from other nodes, and the number of audit events it has yet to
/// receive.</summary>
public sealed record RelayFacts(bool Connected, long? EventsBehind);

/// <summary>The newest event of the audit log.</summary>
public sealed record LastEvent(long Id, DateTimeOffset At, string Action);

/// <summary>The number of bearer tokens verified from the cache, and of those looked up in the database.</summary>
/// <param name="Remembered">The number verified from the cache.</param>
/// <param name="LookedUp">The number looked up in the database.</param>
/// <param name="HitRate">The cache hit rate, from 0 to 1; null before the first token.</param>
public sealed record TokenChecks(long Remembered, long LookedUp, double? HitRate);

/// <summary>The number of passwords being hashed or waiting, the capacity of the queue, and the duration of a
/// hash.</summary>
public sealed record HashingFacts(long Queued, int QueueLength, Timing Duration);

/// <summary>Median and maximum of the last 256 durations, in milliseconds; null before the first.</summary>
public sealed record Timing(double? MedianMilliseconds, double? SlowestMilliseconds);

/// <summary>The number of queued emails, and when the oldest was queued.</summary>
public sealed record OutboxFacts(long Waiting, DateTimeOffset? OldestAt);

/// <summary>The free disk space of the data directory, and the minimum below which the disk check is
/// degraded.</summary>
public sealed record DiskFacts(long FreeBytes, long MinimumFreeBytes);

/// <summary>A background worker: when its last run started, and its error. Both are null before the first run; the
/// error is null if there was none.</summary>
public sealed record WorkerFacts(string Name, DateTimeOffset? LastRunAt, string? Problem);
