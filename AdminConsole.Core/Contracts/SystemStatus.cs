using System.Text.Json.Serialization;

namespace AdminConsole.Core.Contracts;

/// <summary>How the node that answers is doing at this moment; what counts or times something does so since it
/// started.</summary>
public sealed record SystemStatus
{
    /// <summary>
    /// <c>healthy </c>, <c>degraded </c> (it works, and needs attention) or <c>unhealthy </c> (nothing should be sent
    /// here).
    /// </summary>
    public required string Status { get; init; }

    public required IReadOnlyList<SystemCheck> Checks { get; init; }

    public required NodeFacts Node { get; init; }

    public required DatabaseFacts Database { get; init; }

    /// <summary>How it hears of what other nodes change; null on SQLite, where there are none.</summary>
    public required RelayFacts? Relay { get; init; }

    /// <summary>The newest event of the audit log; null where the database does not answer.</summary>
    public required LastEvent? LastEvent { get; init; }

    /// <summary>Open pages of people who are signed in, on this node.</summary>
    public required long OpenPages { get; init; }

    /// <summary>Sessions that have not run out, on all nodes; null where the database does not answer.</summary>
    public required long? LiveSessions { get; init; }

    public required TokenChecks Tokens { get; init; }

    public required HashingFacts Hashing { get; init; }

    /// <summary>From the beginning of a change to its commit or refusal.</summary>
    public required Timing Changes { get; init; }

    /// <summary>Mails that wait; null where the database does not answer.</summary>
    public required OutboxFacts? Outbox { get; init; }

    public required DiskFacts Disk { get; init; }

    /// <summary>What runs beside the requests, by name.</summary>
    public required IReadOnlyList<WorkerFacts> Workers { get; init; }
}

/// <summary>One check: <c>database</c>, <c>relay</c>, <c>disk</c> or <c>outbox</c>.</summary>
/// <param name="Name">Which.</param>
/// <param name="Status">As of the whole.</param>
/// <param name="Problem">What is wrong, in a sentence; null while nothing is.</param>
public sealed record SystemCheck(string Name, string Status, string? Problem)
{
    /// <summary>Since when this node has seen this status; for the page.</summary>
    [JsonIgnore]
    public DateTimeOffset? Since { get; init; }
}

/// <summary>The process that answers, named for its machine and process id.</summary>
public sealed record NodeFacts(string Name, string Version, DateTimeOffset StartedAt);

/// <summary>The database: <c>SQLite </c> or <c>PostgreSQL </c>, how large it is, and how long one small read
/// took.</summary>
public sealed record DatabaseFacts(string Provider, long? SizeBytes, double? ReadMilliseconds);

/// <summary>Whether this node hears of others' changes, and how many audit events it has not heard of yet.</summary>
public sealed record RelayFacts(bool Connected, long? EventsBehind);

/// <summary>Something that was recorded.</summary>
public sealed record LastEvent(long Id, DateTimeOffset At, string Action);

/// <summary>Bearer tokens that were known without asking the database, and those that were looked up.</summary>
/// <param name="Remembered">How many were.</param>
/// <param name="LookedUp">How many were not.</param>
/// <param name="HitRate">The part that was, from 0 to 1; null before the first.</param>
public sealed record TokenChecks(long Remembered, long LookedUp, double? HitRate);

/// <summary>Passwords waiting to be hashed or being hashed, how many may wait, and how long one takes.</summary>
public sealed record HashingFacts(long Queued, int QueueLength, Timing Duration);

/// <summary>The last 256 of something, in milliseconds; null before the first.</summary>
public sealed record Timing(double? MedianMilliseconds, double? SlowestMilliseconds);

/// <summary>How many mails wait to be sent, and since when the oldest does.</summary>
public sealed record OutboxFacts(long Waiting, DateTimeOffset? OldestAt);

/// <summary>What is free where the data is, and below what it is called too little.</summary>
public sealed record DiskFacts(long FreeBytes, long MinimumFreeBytes);

/// <summary>A worker: when its last round began, and what went wrong in it (null where nothing did, or there was none
/// yet).</summary>
public sealed record WorkerFacts(string Name, DateTimeOffset? LastRunAt, string? Problem);
