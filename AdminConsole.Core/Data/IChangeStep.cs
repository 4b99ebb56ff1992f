using AdminConsole.Core.Changes;

namespace AdminConsole.Core.Data;

/// <summary>Work that every change does in its own transaction, after its operation has succeeded. Steps run in the
/// order in which they are registered; the audit chain is last.</summary>
public interface IChangeStep
{
    /// <summary>Adds rows to the change. An exception rolls the change back.</summary>
    Task BeforeCommitAsync(AppDbContext db, ChangeContext change, CancellationToken ct);

    /// <summary>Runs after the commit, and must not throw.</summary>
    void AfterCommit(ChangeContext change);
}
