namespace AdminConsole.Core.Contracts;

/// <summary>The result of a user import or, with <c>dryRun</c>, of its simulation.</summary>
/// <param name="DryRun">True if nothing was written.</param>
/// <param name="Created">The number of new users.</param>
/// <param name="Updated">The number of users that changed. Users are matched by email, or by username if they have no
/// email.</param>
/// <param name="Unchanged">The number of users that already match the file.</param>
/// <param name="Errors">The errors of the file. If there are any, nothing is written.</param>
public sealed record ImportResult(bool DryRun, int Created, int Updated, int Unchanged, IReadOnlyList<ImportError> Errors)
{
    // Measured (docs/performance.md). A busy machine takes longer.
    private const double SecondsOfARow = 0.0004;

    /// <summary>The estimated time, in seconds, for which the import blocks other changes, including sign-ins. On
    /// PostgreSQL, only changes of administrators wait for all of it; other changes wait while the audit events are
    /// written.</summary>
    public int EstimatedSeconds => (int)Math.Ceiling((Created + Updated) * SecondsOfARow);
}

/// <summary>An error in a row of the imported file.</summary>
/// <param name="Row">The row in the file. The header is row 1.</param>
/// <param name="Field">The invalid column; null if the error concerns the whole row.</param>
/// <param name="Code">The code with which the same operation on a single user is refused.</param>
/// <param name="Message">One sentence for the user.</param>
public sealed record ImportError(int Row, string? Field, string Code, string Message);
