using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Text.Json;
using AdminConsole.Core.Audit;
using AdminConsole.Core.Changes;
using AdminConsole.Core.Contracts;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace AdminConsole.Core.Common;

/// <summary>Counters and timings of this process, for collectors and the System health page. docs/operations.md lists
/// them. Without a listener they cost almost nothing.</summary>
public static class ConsoleMetrics
{
    /// <summary>The name of the meter.</summary>
    public const string Name = "AdminConsole";

    private static readonly Meter Meter = new(Name);

    private static readonly Counter<long> Events = Meter.CreateCounter<long>(
        "adminconsole.events",
        "{event}",
        "Audit events committed by this process, by action."
    );
    private static readonly Counter<long> SignIns = Meter.CreateCounter<long>(
        "adminconsole.sign_ins",
        "{sign-in}",
        "Sign-ins by outcome, and successful ones by method."
    );
    private static readonly Histogram<double> Changes = Meter.CreateHistogram<double>(
        "adminconsole.change.duration",
        "s",
        "Time from the start of a change to its commit or refusal."
    );
    private static readonly Counter<long> Lookups = Meter.CreateCounter<long>(
        "adminconsole.token.lookups",
        "{lookup}",
        "Bearer tokens that were not in the cache, by outcome."
    );
    private static readonly Histogram<double> Hashes = Meter.CreateHistogram<double>(
        "adminconsole.hashing.duration",
        "s",
        "Time to hash or verify one password, without waiting."
    );
    private static readonly Counter<long> Mails = Meter.CreateCounter<long>(
        "adminconsole.mails",
        "{mail}",
        "Attempts to send an email, by outcome."
    );

    private static readonly ShardedCounter CacheHits = new();
    private static long lookedUp;
    private static long hashesQueued;
    private static long openPages;
    private static volatile IReadOnlyDictionary<string, HealthStatus> health = new Dictionary<string, HealthStatus>();
    private static volatile OutboxFacts? outbox;

    static ConsoleMetrics()
    {
        Meter.CreateObservableCounter("adminconsole.token.recalls", () => CacheHits.Sum, "{recall}", "Bearer tokens found in the cache.");
        Meter.CreateObservableUpDownCounter(
            "adminconsole.hashing.queued",
            () => HashesQueued,
            "{password}",
            "Passwords waiting to be hashed or being hashed."
        );
        Meter.CreateObservableUpDownCounter("adminconsole.circuits", () => OpenPages, "{circuit}", "Open pages of signed-in users.");
        Meter.CreateObservableGauge(
            "adminconsole.health",
            () => health.Select(check => new Measurement<int>(2 - (int)check.Value, new KeyValuePair<string, object?>("check", check.Key))),
            "{status}",
            "0 healthy, 1 degraded, 2 unhealthy, by check."
        );
        Meter.CreateObservableGauge(
            "adminconsole.outbox.waiting",
            () => OfOutbox(facts => facts.Waiting),
            "{mail}",
            "Queued emails on all nodes."
        );
        Meter.CreateObservableGauge(
            "adminconsole.outbox.oldest",
            () => OfOutbox(facts => facts.OldestAt is { } at ? Math.Max(0, (TimeProvider.System.GetUtcNow() - at).TotalSeconds) : 0),
            "s",
            "Time that the oldest queued email has waited."
        );
    }

    public static long OpenPages => Interlocked.Read(ref openPages);

    public static long HashesQueued => Interlocked.Read(ref hashesQueued);

    public static LatencyWindow HashTimes { get; } = new();

    public static LatencyWindow ChangeTimes { get; } = new();

    public static TokenChecks Tokens
    {
        get
        {
            var (hits, missed) = (CacheHits.Sum, Interlocked.Read(ref lookedUp));
            return new TokenChecks(hits, missed, hits + missed == 0 ? null : Math.Round((double)hits / (hits + missed), 4));
        }
    }

    internal static void EventCommitted(AuditEvent entry)
    {
        Events.Add(1, new KeyValuePair<string, object?>("action", entry.Action));
        if (entry.Action is AuditActions.SignedIn or AuditActions.SignInFailed && SignIns.Enabled && entry.Details is { } details)
        {
            CountSignIn(JsonSerializer.Deserialize<SignInDetails>(details, JsonSerializerOptions.Web)!);
        }
    }

    internal static void ChangeDone(long began)
    {
        var took = Stopwatch.GetElapsedTime(began);
        Changes.Record(took.TotalSeconds);
        ChangeTimes.Add(took);
    }

    internal static void TokenCacheHit() => CacheHits.Increment();

    /// <param name="fault">The reason code of a rejected token; null when it is accepted.</param>
    internal static void TokenLookedUp(string? fault)
    {
        Interlocked.Increment(ref lookedUp);
        Lookups.Add(1, new KeyValuePair<string, object?>("outcome", fault ?? "good"));
    }

    internal static void HashQueued() => Interlocked.Increment(ref hashesQueued);

    internal static void HashDequeued() => Interlocked.Decrement(ref hashesQueued);

    internal static void HashDone(long began)
    {
        var took = Stopwatch.GetElapsedTime(began);
        Hashes.Record(took.TotalSeconds);
        HashTimes.Add(took);
    }

    internal static void MailTried(string outcome) => Mails.Add(1, new KeyValuePair<string, object?>("outcome", outcome));

    /// <summary>Stores the result of the last health checks for the gauges.</summary>
    internal static void RecordHealth(IReadOnlyDictionary<string, HealthStatus> checks, OutboxFacts? facts) =>
        (health, outbox) = (checks, facts);

    /// <summary>Counts a page that was opened (1) or closed (-1).</summary>
    public static void Circuit(int change) => Interlocked.Add(ref openPages, change);

    // Re-authentication is not counted as a sign-in.
    private static void CountSignIn(SignInDetails details)
    {
        if (details.Reason is { } reason)
        {
            SignIns.Add(1, new KeyValuePair<string, object?>("outcome", reason));
        }
        else if (!details.Reauthenticated)
        {
            SignIns.Add(
                1,
                new KeyValuePair<string, object?>("outcome", "success"),
                new KeyValuePair<string, object?>("method", details.Method)
            );
        }
    }

    private static IEnumerable<Measurement<T>> OfOutbox<T>(Func<OutboxFacts, T> value)
        where T : struct => outbox is { } facts ? [new Measurement<T>(value(facts))] : [];

    private sealed record SignInDetails(string? Reason, string? Method, bool Reauthenticated);
}
