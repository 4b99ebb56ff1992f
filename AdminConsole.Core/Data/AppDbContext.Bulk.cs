using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Storage;

namespace AdminConsole.Core.Data;

public abstract partial class AppDbContext
{
    /// <summary>Inserts many new rows with one prepared statement. Call it inside a change. Saving them instead would
    /// track, sort and prepare each row while other writers wait. Columns and value conversions are those of the
    /// model.</summary>
    internal async Task InsertRowsAsync<T>(IReadOnlyCollection<T> rows, CancellationToken ct)
        where T : class
    {
        if (!IsWriting)
        {
            throw new InvalidOperationException("Write through ChangeAsync, which audits.");
        }

        if (rows.Count == 0)
        {
            return;
        }

        var entity = Model.FindEntityType(typeof(T))!;
        var table = StoreObjectIdentifier.Create(entity, StoreObjectType.Table)!.Value;
        var columns = entity.GetProperties().Where(property => property.GetComputedColumnSql(table) is null).ToList();
        await using var command = Database.GetDbConnection().CreateCommand();
        command.Transaction = Database.CurrentTransaction!.GetDbTransaction();
#pragma warning disable CA2100 // Only names from the model.
        command.CommandText =
            $"INSERT INTO \"{table.Name}\" ({string.Join(", ", columns.Select(column => $"\"{column.GetColumnName(table)}\""))}) "
            + $"VALUES ({string.Join(", ", columns.Select((_, number) => $"@p{number}"))})";
#pragma warning restore CA2100
        var values = columns
            .Select((column, number) => column.GetRelationalTypeMapping().CreateParameter(command, $"@p{number}", null, column.IsNullable))
            .ToList();
        values.ForEach(value => command.Parameters.Add(value));
        await command.PrepareAsync(ct);
        try
        {
            foreach (var row in rows)
            {
                for (var number = 0; number < columns.Count; number++)
                {
                    values[number].Value = StoredOf(columns[number], row) ?? DBNull.Value;
                }

                await command.ExecuteNonQueryAsync(ct);
            }
        }
        catch (DbException refused)
        {
            // Rethrow as SaveChanges would, so that IsDuplicate recognizes duplicates.
            throw new DbUpdateException(refused.Message, refused);
        }

        HasWritten = true;
    }

    private static object? StoredOf(IProperty column, object row)
    {
        var value = column.GetGetter().GetClrValue(row);
        return column.GetTypeMapping().Converter is { } converter ? converter.ConvertToProvider(value) : value;
    }
}
