using AdminConsole.Core.Common;
using AdminConsole.Core.Security;

namespace AdminConsole.Core.Data;

/// <summary>Deduplicates access denials, so that the audit log records each at most once per user, permission and
/// hour.</summary>
public sealed class AccessDenials(TimeProvider clock) : IDisposable
{
    private readonly HourlyDeduplicator recorded = new(clock);

    /// <summary>Returns true for the first denial of a user and permission within an hour; always false for
    /// unauthenticated callers.</summary>
    public bool IsNew(Actor actor, string door) => actor.UserId is { } user && recorded.IsNew((user, door));

    public void Dispose() => recorded.Dispose();
}
