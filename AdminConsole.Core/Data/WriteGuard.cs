using System.Data.Common;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace AdminConsole.Core.Data;

/// <summary>Rejects every database command that writes outside a change. Includes <c>ExecuteUpdate</c> and raw SQL,
/// which bypass the check in <c>SaveChanges</c>.</summary>
internal sealed partial class WriteGuard : DbCommandInterceptor
{
    public static readonly WriteGuard Instance = new();

    public override InterceptionResult<int> NonQueryExecuting(
        DbCommand command,
        CommandEventData eventData,
        InterceptionResult<int> result
    ) => Checked(command, eventData, result);

    public override ValueTask<InterceptionResult<int>> NonQueryExecutingAsync(
        DbCommand command,
        CommandEventData eventData,
        InterceptionResult<int> result,
        CancellationToken cancellationToken = default
    ) => new(Checked(command, eventData, result));

    public override InterceptionResult<DbDataReader> ReaderExecuting(
        DbCommand command,
        CommandEventData eventData,
        InterceptionResult<DbDataReader> result
    ) => Checked(command, eventData, result);

    public override ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
        DbCommand command,
        CommandEventData eventData,
        InterceptionResult<DbDataReader> result,
        CancellationToken cancellationToken = default
    ) => new(Checked(command, eventData, result));

    public override int NonQueryExecuted(DbCommand command, CommandExecutedEventData eventData, int result) => Recorded(eventData, result);

    public override ValueTask<int> NonQueryExecutedAsync(
        DbCommand command,
        CommandExecutedEventData eventData,
        int result,
        CancellationToken cancellationToken = default
    ) => new(Recorded(eventData, result));

    private static int Recorded(CommandExecutedEventData eventData, int rows)
    {
        if (rows > 0 && eventData.Context is AppDbContext db)
        {
            db.HasWritten = true;
        }

        return rows;
    }

    private static T Checked<T>(DbCommand command, CommandEventData eventData, T result)
    {
        // Nearly all commands are plain queries. Others, which begin with a comment or a common table expression, may
        // contain a write further on.
        if (
            eventData.Context is AppDbContext { IsWriting: false }
            && !command.CommandText.StartsWith("SELECT", StringComparison.Ordinal)
            && Writes().IsMatch(command.CommandText)
        )
        {
            throw new InvalidOperationException("Write through ChangeAsync, which audits.");
        }

        return result;
    }

    [GeneratedRegex(
        @"\b(INSERT|UPDATE|DELETE|MERGE|REPLACE)\b",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Writes();
}
