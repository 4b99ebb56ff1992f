using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace AdminConsole.Core.Data;

/// <summary><c>ExecuteUpdate</c> and raw SQL pass by the guard in <c>SaveChanges</c>; nothing passes by this one.</summary>
internal sealed class WriteGuard : DbCommandInterceptor
{
    public static readonly WriteGuard Instance = new();

    private static readonly string[] Writes = ["INSERT", "UPDATE", "DELETE", "MERGE", "REPLACE"];

    public override InterceptionResult<int> NonQueryExecuting(DbCommand command, CommandEventData eventData, InterceptionResult<int> result) =>
        Checked(command, eventData, result);

    public override ValueTask<InterceptionResult<int>> NonQueryExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default) =>
        new(Checked(command, eventData, result));

    public override InterceptionResult<DbDataReader> ReaderExecuting(DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result) =>
        Checked(command, eventData, result);

    public override ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default) =>
        new(Checked(command, eventData, result));

    private static T Checked<T>(DbCommand command, CommandEventData eventData, T result)
    {
        if (eventData.Context is AppDbContext { IsWriting: false })
        {
            var text = command.CommandText.AsSpan().TrimStart();
            foreach (var verb in Writes)
            {
                if (text.StartsWith(verb, StringComparison.OrdinalIgnoreCase))
                {
                    throw new InvalidOperationException("Write through ChangeAsync, which audits.");
                }
            }
        }

        return result;
    }
}
