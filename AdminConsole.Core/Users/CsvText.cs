using System.Text;

namespace AdminConsole.Core.Users;

/// <summary>CSV by RFC 4180: commas, lines, and quotation marks that are doubled inside a quoted cell.</summary>
internal static class CsvText
{
    private const string NeedsQuotes = ",\"\r\n";

    public static void WriteRow(StringBuilder text, params ReadOnlySpan<string> cells)
    {
        for (var index = 0; index < cells.Length; index++)
        {
            text.Append(index == 0 ? "" : ",");
            var cell = cells[index];
            if (cell.AsSpan().IndexOfAny(NeedsQuotes) >= 0 || cell.Trim() != cell)
            {
                text.Append('"').Append(cell.Replace("\"", "\"\"", StringComparison.Ordinal)).Append('"');
            }
            else
            {
                text.Append(cell);
            }
        }

        text.Append("\r\n");
    }

    /// <summary>The rows that have something in them, with their numbers. Throws <see cref="FormatException"/> where a quotation mark is out of place.</summary>
    public static IEnumerable<(int Row, string[] Cells)> ReadRows(string text)
    {
        var cells = new List<string>();
        var at = 0;
        for (var row = 1; at < text.Length; row++)
        {
            cells.Clear();
            bool more;
            do
            {
                cells.Add(ReadCell(text, ref at, row));
                more = at < text.Length && text[at] == ',';
                at += more ? 1 : 0;
            }
            while (more);

            at += at < text.Length && text[at] == '\r' ? 1 : 0;
            at += at < text.Length && text[at] == '\n' ? 1 : 0;
            if (cells is not [""])
            {
                yield return (row, [.. cells]);
            }
        }
    }

    // Leaves the position at the comma, the line break or the end.
    private static string ReadCell(string text, ref int at, int row)
    {
        var start = at;
        if (at == text.Length || text[at] != '"')
        {
            var length = text.AsSpan(at).IndexOfAny(NeedsQuotes);
            at = length < 0 ? text.Length : at + length;
            return at < text.Length && text[at] == '"' ? throw Misplaced(row) : text[start..at];
        }

        var cell = new StringBuilder();
        for (at++; ; at++)
        {
            var end = text.IndexOf('"', at);
            if (end < 0)
            {
                throw Misplaced(row);
            }

            cell.Append(text, at, end - at);
            at = end + 1;
            if (at == text.Length || text[at] != '"')
            {
                return at == text.Length || NeedsQuotes.Contains(text[at], StringComparison.Ordinal) ? cell.ToString() : throw Misplaced(row);
            }

            cell.Append('"');
        }
    }

    private static FormatException Misplaced(int row) => new($"Row {row} is not CSV: a quotation mark is not closed, or not doubled inside a cell.");
}
