using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace AdminConsole.Core;

/// <summary>What this process counts and times, for whoever collects it. Nobody listening, it costs next to nothing.</summary>
public static class ConsoleMetrics
{
    /// <summary>The meter's name.</summary>
    public const string Name = "AdminConsole";

    private static readonly Meter Meter = new(Name);

    private static readonly Counter<long> Events = Meter.CreateCounter<long>("adminconsole.events", "{event}", "Audit events committed by this process, by action: sign-ins by outcome among them.");
    private static readonly Histogram<double> Changes = Meter.CreateHistogram<double>("adminconsole.change.duration", "s", "From a change's beginning to its commit or refusal.");
    private static readonly Counter<long> Lookups = Meter.CreateCounter<long>("adminconsole.token.lookups", "{lookup}", "Bearer tokens that were not remembered and had to be looked up.");
    private static readonly Histogram<double> Hashes = Meter.CreateHistogram<double>("adminconsole.hashing.duration", "s", "Hashing or checking one password, waiting not included.");
    private static readonly UpDownCounter<long> Queued = Meter.CreateUpDownCounter<long>("adminconsole.hashing.queued", "{password}", "Passwords waiting to be hashed or being hashed.");
    private static readonly Counter<long> Mails = Meter.CreateCounter<long>("adminconsole.mails", "{mail}", "Tries to send a mail, by outcome.");
    private static readonly UpDownCounter<long> OpenCircuits = Meter.CreateUpDownCounter<long>("adminconsole.circuits", "{circuit}", "Open pages of people who are signed in.");

    internal static void EventCommitted(string action) => Events.Add(1, new KeyValuePair<string, object?>("action", action));

    internal static void ChangeDone(long began) => Changes.Record(Stopwatch.GetElapsedTime(began).TotalSeconds);

    internal static void TokenLookedUp() => Lookups.Add(1);

    internal static void HashQueued() => Queued.Add(1);

    internal static void HashDone(long began)
    {
        Queued.Add(-1);
        Hashes.Record(Stopwatch.GetElapsedTime(began).TotalSeconds);
    }

    internal static void MailTried(string outcome) => Mails.Add(1, new KeyValuePair<string, object?>("outcome", outcome));

    /// <summary>A page opened (1) or closed (-1).</summary>
    public static void Circuit(int change) => OpenCircuits.Add(change);
}
