using CsvHelper;

namespace AdminConsole.Core.Common;

/// <summary>CSV by RFC 4180, read and written by CsvHelper; a cell that a spreadsheet would run as a formula gets an
/// apostrophe in front.</summary>
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

    /// <summary>The rows that have something in them, with their numbers. Throws <see cref="FormatException"/> where a
    /// quotation mark is out of place.</summary>
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
            // Spreadsheets write rows that were cleared as separators only.
            if (reader.Current.ToArray() is var cells && !Array.TrueForAll(cells, string.IsNullOrWhiteSpace))
            {
                yield return (row, cells);
            }
        }
    }

    public static string Neutralise(string cell) => IsDangerous(cell) ? "'" + cell : cell;

    public static string Restore(string cell) => cell.StartsWith('\'') && IsDangerous(cell) ? cell[1..] : cell;

    // Apostrophes in front count too, so that what is written is read back exactly.
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
