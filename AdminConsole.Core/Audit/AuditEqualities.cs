using System.Linq.Expressions;
using AdminConsole.Core.Changes;
using AdminConsole.Core.Contracts;

namespace AdminConsole.Core.Audit;

/// <summary>An equality filter on an indexed column, in one form that uses the index, and in one that cannot, for when
/// another filter leads.</summary>
internal sealed record Equality(Expression<Func<AuditEvent, bool>> Indexed, Expression<Func<AuditEvent, bool>> Plain);

internal static class AuditEqualities
{
    /// <summary>Returns the query's filters on indexed columns, typically the most selective first.</summary>
    public static IEnumerable<Equality> Of(AuditQuery query)
    {
        if (!string.IsNullOrEmpty(query.Request))
        {
            yield return new Equality(entry => entry.RequestId == query.Request, entry => (entry.RequestId ?? "") == query.Request);
        }

        if (query.Session is { } session)
        {
            yield return new Equality(entry => entry.SessionId == session, entry => (entry.SessionId ?? Guid.Empty) == session);
        }

        if (query.Batch is { } batch)
        {
            yield return new Equality(entry => entry.BatchId == batch, entry => (entry.BatchId ?? Guid.Empty) == batch);
        }

        if (Guid.TryParse(query.Target, out var target))
        {
            var text = target.ToString();
            yield return new Equality(entry => entry.TargetId == text, entry => (entry.TargetId ?? "") == text);
        }

        if (Guid.TryParse(query.Actor, out var actor))
        {
            yield return new Equality(entry => entry.ActorId == actor, entry => (entry.ActorId ?? Guid.Empty) == actor);
        }

        if (!string.IsNullOrEmpty(query.Ip))
        {
            yield return new Equality(entry => entry.Ip == query.Ip, entry => (entry.Ip ?? "") == query.Ip);
        }

        if (!string.IsNullOrEmpty(query.Action) && !AuditActions.IsGroup(query.Action))
        {
            yield return new Equality(entry => entry.Action == query.Action, entry => entry.Action.Substring(0) == query.Action);
        }
    }
}
