using AdminConsole.Core.Common;
using AdminConsole.Core.Security;

namespace AdminConsole.Core.Data;

/// <summary>Records denied access in the audit log, at most once per user, permission and hour.</summary>
public sealed class Denials(AppDbContext db)
{
    public Task RecordAsync(Actor actor, string door, Refusal refusal, CancellationToken ct) =>
        db.RecordDenialAsync(actor, door, refusal, ct);
}
