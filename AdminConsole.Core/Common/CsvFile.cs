using System.Text;

namespace AdminConsole.Core.Common;

/// <summary>
/// A file as spreadsheets write it: UTF-8, or UTF-16 with a byte-order mark as Excel's "Unicode text"; separated by
/// commas, semicolons (where the comma is the decimal
/// sign) or tabs, by its first row or as a row <c>sep=;</c> before it says.
/// </summary>
internal static class CsvFile
{
    private const char ByteOrderMark = '\uFEFF';

    private static readonly char[] Separators = [',', ';', '\t'];

    private static readonly Refusal NotText = Invalid("The file is not UTF-8 text. In Excel, save it as \"CSV UTF-8 (Comma delimited)\".");

    private static readonly Refusal Workbook = Invalid(
        "The file is a workbook. In Excel, save it as \"CSV UTF-8 (Comma delimited)\", and import that."
    );

    /// <summary>The rows that have something in them, with their numbers. Refused as <c>invalid_csv </c>; reading on
    /// throws <see cref="FormatException"/> where a quotation mark is out of place.</summary>
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
            // UTF-16 without a mark.
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

    // The names of the columns have none of them in them.
    private static char SeparatorOf(string header) => Separators.MaxBy(separator => header.Count(letter => letter == separator));

    private static string FirstLine(string text) => text.AsSpan().IndexOfAny('\r', '\n') is >= 0 and var end ? text[..end] : text;

    private static Refusal Invalid(string message) => Refusal.Invalid("invalid_csv", message);
}
