namespace AdminConsole.Core.Contracts;

/// <summary>What an import did, or with <c>dryRun</c> would do.</summary>
/// <param name="DryRun">True where nothing was written.</param>
/// <param name="Created">New users.</param>
/// <param name="Updated">Users, known by their address, or by their username where they have none, of whom something
/// changed.</param>
/// <param name="Unchanged">Users who are already as the file says.</param>
/// <param name="Errors">What stands in the way; with any, nothing is written.</param>
public sealed record ImportResult(bool DryRun, int Created, int Updated, int Unchanged, IReadOnlyList<ImportError> Errors)
{
    // As measured (docs/performance.md); a busy machine takes longer.
    private const double SecondsOfARow = 0.0004;

    /// <summary>About how many seconds other changes, sign-ins among them, wait while it is written. On PostgreSQL only
    /// changes of administrators wait, and the others while the events are written.</summary>
    public int EstimatedSeconds => (int)Math.Ceiling((Created + Updated) * SecondsOfARow);
}

/// <summary>Why a row cannot be taken in.</summary>
/// <param name="Row">The row in the file; the header is row 1.</param>
/// <param name="Field">The column at fault; null where it is the row as a whole.</param>
/// <param name="Code">The code that the same act on one user is refused with.</param>
/// <param name="Message">One sentence for a person.</param>
public sealed record ImportError(int Row, string? Field, string Code, string Message);
