using AdminConsole.Core.Data;

namespace AdminConsole.Core.Security;

/// <summary>Where a door notes that it stayed closed to somebody.</summary>
public sealed class Denials(AppDbContext db)
{
    public Task RecordAsync(Actor actor, string door, Refusal refusal, CancellationToken ct) => db.RecordDenialAsync(actor, door, refusal, ct);
}
