using CsvHelper;

namespace AdminConsole.Core.Common;

/// <summary>Reads and writes CSV (RFC 4180) with CsvHelper. Cells that a spreadsheet would run as formulas get a
/// leading apostrophe.</summary>
internal static class CsvText
{
    private const string Dangerous = "=+-@\t\r";

    private static readonly CsvWriterOptions Writing = new() { ValidateFieldCount = false };

    public static string Write(IEnumerable<string[]> rows)
    {
        using var text = new StringWriter();
        using (var writer = CsvWriter.Create(text, Writing, leaveOpen: true))
        {
            foreach (var row in rows)
            {
                writer.WriteRecord(row);
            }
        }

        return text.ToString();
    }

    /// <summary>Returns the rows that aren't empty, with their row numbers. Throws <see cref="FormatException"/> when a
    /// quotation mark is misplaced.</summary>
    public static IEnumerable<(int Row, string[] Cells)> ReadRows(string text, char separator, int firstRow)
    {
        using var reader = CsvReader.FromText(
            text,
            new CsvReaderOptions
            {
                HasHeader = false,
                Separator = separator,
                MalformedData = CsvMalformedDataHandling.Throw,
                SkipEmptyLines = false,
                IncludeValuesInExceptions = false,
            }
        );
        for (var row = firstRow; Next(reader, row); row++)
        {
            // Spreadsheets write cleared rows as separators only.
            if (reader.Current.ToArray() is var cells && !Array.TrueForAll(cells, string.IsNullOrWhiteSpace))
            {
                yield return (row, cells);
            }
        }
    }

    public static string Neutralise(string cell) => IsDangerous(cell) ? "'" + cell : cell;

    public static string Restore(string cell) => cell.StartsWith('\'') && IsDangerous(cell) ? cell[1..] : cell;

    // Ignores leading apostrophes, so that every written cell is read back exactly.
    private static bool IsDangerous(string cell) =>
        cell.TrimStart('\'') is [var first, ..] && Dangerous.Contains(first, StringComparison.Ordinal);

    private static bool Next(CsvReader reader, int row)
    {
        try
        {
            return reader.Read();
        }
        catch (CsvFormatException malformed)
        {
            throw new FormatException($"Row {row} is not CSV: a quotation mark is not closed, or not doubled inside a cell.", malformed);
        }
    }
}
