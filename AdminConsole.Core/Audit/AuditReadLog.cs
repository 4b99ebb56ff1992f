using System.Text.Json;
using AdminConsole.Core.Changes;
using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Data;
using AdminConsole.Core.Security;

namespace AdminConsole.Core.Audit;

/// <summary>Tracks which reads of the log were recorded within the last hour.</summary>
public sealed class RecordedReads(TimeProvider clock) : IDisposable
{
    internal HourlyDeduplicator Recent { get; } = new(clock);

    public void Dispose() => Recent.Dispose();
}

/// <summary>Records reads of the log, once per filter, credential and hour. For a text filter, only its presence is
/// recorded: the text may name a person, and could not be erased from these events.</summary>
public sealed class AuditReadLog(AppDbContext db, RecordedReads recorded)
{
    /// <summary>The filter recorded for reading single events.</summary>
    internal static readonly IReadOnlyDictionary<string, string> SingleEvents = new Dictionary<string, string> { ["view"] = "event" };

    /// <summary>Records a read. Call before returning any event. Requires audit.read. HEAD requests and system actors
    /// are not recorded.</summary>
    public Task<Result<Unit>> RecordAsync(Actor actor, AuditQuery query, CancellationToken ct) => RecordAsync(actor, Describe(query), ct);

    internal async Task<Result<Unit>> RecordAsync(Actor actor, IReadOnlyDictionary<string, string> filter, CancellationToken ct)
    {
        var key = (actor.SessionId ?? actor.UserId, actor.Via, JsonSerializer.Serialize(filter));
        if (actor.IsSystem || actor.GetsHeadersOnly || !recorded.Recent.IsNew(key))
        {
            return default(Unit);
        }

        try
        {
            var result = await db.ChangeAsync<Unit>(
                actor,
                Permissions.AuditRead,
                change =>
                {
                    change.Record(AuditActions.AuditViewed, null, new { filter });
                    return Task.FromResult<Result<Unit>>(default(Unit));
                },
                ct
            );
            if (result.Refusal is not null)
            {
                recorded.Recent.Evict(key);
            }

            return result;
        }
        catch
        {
            recorded.Recent.Evict(key);
            throw;
        }
    }

    /// <summary>Returns the active filters as they may be recorded: ids and known actions verbatim, times by date, and
    /// texts as a placeholder.</summary>
    internal static SortedDictionary<string, string> Describe(AuditQuery query)
    {
        var filter = new SortedDictionary<string, string>(StringComparer.Ordinal);
        Add("action", IsKnown(query.Action) ? query.Action : Text(query.Action));
        Add("actor", AuditFilter.NameIn(query.Actor) is null ? query.Actor : Text(query.Actor));
        Add("target", AuditFilter.NameIn(query.Target) is null ? query.Target : Text(query.Target));
        Add("session", query.Session?.ToString());
        Add("request", Text(query.Request));
        Add("batch", query.Batch?.ToString());
        Add("ip", Text(query.Ip));
        Add("from", query.From?.UtcDateTime.ToString("yyyy-MM-dd"));
        Add("to", query.To?.UtcDateTime.ToString("yyyy-MM-dd"));
        Add("search", Text(query.Search));
        return filter;

        void Add(string name, string? value)
        {
            if (!string.IsNullOrWhiteSpace(value))
            {
                filter[name] = value;
            }
        }

        // A list of actions is recorded only if all of them are known. Anything else could be arbitrary text.
        static bool IsKnown(string? action) =>
            AuditActions.IsGroup(action)
                ? AuditActions.Expand(action).TrueForAll(AuditActions.All.Contains)
                : AuditActions.All.Contains(action);

        static string? Text(string? value) => string.IsNullOrWhiteSpace(value) ? null : "(text)";
    }
}
