using AdminConsole.Core.Changes;
using AdminConsole.Core.Common;
using AdminConsole.Core.Security;

namespace AdminConsole.Core.Data;

/// <summary>Records denied access in the audit log, at most once per user, permission and hour. Anonymous callers are
/// never recorded.</summary>
public sealed class AccessDenialLog(TimeProvider clock) : IDisposable
{
    private readonly HourlyDeduplicator recorded = new(clock);

    /// <summary>Records the refusal when it is for lack of a permission or scope. Call it outside a change.</summary>
    public async Task RecordAsync(AppDbContext db, Actor actor, string permission, Refusal denied, CancellationToken ct)
    {
        permission = denied.Permission ?? permission;
        if (!denied.IsMissingPermission || actor.UserId is not { } user || !recorded.IsNew((user, permission)))
        {
            return;
        }

        try
        {
            await db.ChangeAsync<Unit>(actor, null, change => Task.FromResult(Record(change, permission, denied)), ct);
        }
        catch
        {
            // Nothing was recorded, so the next denial must be.
            recorded.Evict((user, permission));
            throw;
        }
    }

    private static Result<Unit> Record(ChangeContext change, string permission, Refusal denied)
    {
        change.Record(AuditActions.AccessDenied, null, new { permission, code = denied.Code });
        return default(Unit);
    }

    public void Dispose() => recorded.Dispose();
}
