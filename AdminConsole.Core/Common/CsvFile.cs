using System.Text;

namespace AdminConsole.Core.Common;

/// <summary>Reads CSV files as spreadsheets write them. The text is UTF-8, or UTF-16 with a byte order mark (Excel's
/// "Unicode text"). The separator is a comma, a semicolon (where the comma is the decimal sign) or a tab. It is
/// detected in the first row, or named by a preceding row <c>sep=;</c>.</summary>
internal static class CsvFile
{
    private const char ByteOrderMark = '\uFEFF';

    private static readonly char[] Separators = [',', ';', '\t'];

    private static readonly Refusal NotText = Invalid("The file is not UTF-8 text. In Excel, save it as \"CSV UTF-8 (Comma delimited)\".");

    private static readonly Refusal Workbook = Invalid(
        "The file is a workbook. In Excel, save it as \"CSV UTF-8 (Comma delimited)\", and import that."
    );

    /// <summary>Returns the rows that aren't empty, with their row numbers. Refused as <c>invalid_csv</c>. Enumerating
    /// the rows throws <see cref="FormatException"/> when a quotation mark is misplaced.</summary>
    public static Result<IEnumerable<(int Row, string[] Cells)>> Read(ReadOnlySpan<byte> file) =>
        Decode(file).Match(Rows, refusal => refusal);

    private static Result<string> Decode(ReadOnlySpan<byte> file)
    {
        if (file.StartsWith("PK\u0003\u0004"u8) || file.StartsWith((ReadOnlySpan<byte>)[0xD0, 0xCF, 0x11, 0xE0]))
        {
            return Workbook;
        }

        try
        {
            var text = EncodingOf(file).GetString(file).TrimStart(ByteOrderMark);
            // UTF-16 without a byte order mark.
            return FirstLine(text).Contains('\0', StringComparison.Ordinal) ? NotText : text;
        }
        catch (DecoderFallbackException)
        {
            return NotText;
        }
    }

    private static Encoding EncodingOf(ReadOnlySpan<byte> file) =>
        file switch
        {
            [0xFF, 0xFE, ..] => new UnicodeEncoding(bigEndian: false, byteOrderMark: true, throwOnInvalidBytes: true),
            [0xFE, 0xFF, ..] => new UnicodeEncoding(bigEndian: true, byteOrderMark: true, throwOnInvalidBytes: true),
            _ => new UTF8Encoding(false, throwOnInvalidBytes: true),
        };

    private static Result<IEnumerable<(int Row, string[] Cells)>> Rows(string text)
    {
        var first = FirstLine(text);
        if (!first.StartsWith("sep=", StringComparison.OrdinalIgnoreCase))
        {
            return Result.Of(CsvText.ReadRows(text, SeparatorOf(first), firstRow: 1));
        }

        return first["sep=".Length..] is [var named] && Separators.Contains(named)
            ? Result.Of(CsvText.ReadRows(text[first.Length..].TrimStart('\r', '\n'), named, firstRow: 2))
            : Invalid("The file names a separator that is not read: use a comma, a semicolon or a tab.");
    }

    // Column names contain no separators.
    private static char SeparatorOf(string header) => Separators.MaxBy(separator => header.Count(character => character == separator));

    private static string FirstLine(string text) => text.AsSpan().IndexOfAny('\r', '\n') is >= 0 and var end ? text[..end] : text;

    private static Refusal Invalid(string message) => Refusal.Invalid("invalid_csv", message);
}
