using System.Globalization;
using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Names;

namespace AdminConsole.Core.Users;

/// <summary>One row of a CSV file of users. A null value leaves the field unchanged, or takes its default for new
/// users.</summary>
internal sealed record UserRow(int Row, string? Email, string? UserName, string? DisplayName, IReadOnlyList<string>? Roles, string? Active)
{
    /// <summary>The key that identifies the user: the normalized email, or the username if the row has no email. Empty
    /// if it has neither.</summary>
    public string Key { get; } = AppUser.NormalizeLogin(Email ?? UserName ?? "");
}

/// <summary>Reads and writes users as CSV (UTF-8). Writing neutralizes formulas with an apostrophe, and reading removes
/// it.</summary>
internal static class UserCsv
{
    public const char RoleSeparator = ';';

    private static readonly string[] Columns = ["email", "userName", "displayName", "roles", "active", "createdAt", "lastSignInAt"];

    public static string Header => CsvText.Write([Columns]);

    public static string Lines(IEnumerable<UserDetails> users) => CsvText.Write(users.Select(Row));

    /// <summary>Reads the rows of a file. Refused as <c>invalid_csv</c>, <c>unknown_column</c> or
    /// <c>password_column</c>.</summary>
    public static async Task<Result<List<UserRow>>> ReadAsync(Stream file, CancellationToken ct)
    {
        using var buffer = new MemoryStream();
        await file.CopyToAsync(buffer, ct);
        try
        {
            return CsvFile.Read(buffer.GetBuffer().AsSpan(0, (int)buffer.Length)).Match(Read, refusal => refusal);
        }
        catch (FormatException malformed)
        {
            return Refusal.Invalid("invalid_csv", malformed.Message);
        }
    }

    private static string[] Row(UserDetails user) =>
        [
            CsvText.Neutralise(user.Email ?? ""),
            CsvText.Neutralise(user.UserName),
            CsvText.Neutralise(user.DisplayName),
            CsvText.Neutralise(string.Join(RoleSeparator, user.Roles)),
            user.Active ? "true" : "false",
            Write(user.CreatedAt),
            user.LastSignInAt is { } last ? Write(last) : "",
        ];

    private static Result<List<UserRow>> Read(IEnumerable<(int Row, string[] Cells)> file)
    {
        string[]? header = null;
        var rows = new List<UserRow>();
        foreach (var (row, cells) in file)
        {
            if (header is null)
            {
                // A trailing comma in each row adds an empty column without a name.
                header = string.Join('\n', cells.Select(name => name.Trim())).TrimEnd('\n').Split('\n');
                if (CheckHeader(header) is { } refused)
                {
                    return refused;
                }

                continue;
            }

            if (cells.Length < header.Length || cells.Skip(header.Length).Any(cell => !string.IsNullOrWhiteSpace(cell)))
            {
                return Refusal.Invalid(
                    "invalid_csv",
                    $"Row {row} has {cells.Length} cells, but there are {header.Length} columns. Put quotation marks around a cell "
                        + "with a separator in it."
                );
            }

            rows.Add(
                Read(
                    row,
                    column =>
                        Array.FindIndex(header, name => Is(name, column)) is >= 0 and var index
                        && CsvText.Restore(cells[index]).Trim() is { Length: > 0 } text
                            ? text
                            : null
                )
            );
        }

        return header is null ? Refusal.Invalid("invalid_csv", "The file is empty. Its first row must name the columns.") : rows;
    }

    private static UserRow Read(int row, Func<string, string?> cell) =>
        new(
            row,
            cell("email") is { } email ? EmailAddress.Compose(email) : null,
            cell("userName") is { } userName ? EmailAddress.Compose(userName) : null,
            cell("displayName") is { } name ? UnicodeText.Compose(name) : null,
            cell("roles")?.Split(RoleSeparator, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries),
            cell("active")
        );

    private static Refusal? CheckHeader(string[] header) =>
        header.FirstOrDefault(name => name.Contains("password", StringComparison.OrdinalIgnoreCase)) is { } password
            ? Refusal.Invalid(
                "password_column",
                $"Column '{password}': passwords are never imported. Remove it, and send users a link to set one."
            )
        : header.FirstOrDefault(name => !Columns.Any(column => Is(name, column))) is { } unknown
            ? Refusal.Invalid(
                "unknown_column",
                unknown.Length == 0
                    ? "A column has no name in the first row."
                    : $"Unknown column '{unknown}'. Use {string.Join(", ", Columns)}, separated by commas, semicolons or tabs."
            )
        : !header.Any(name => Is(name, "email"))
            ? Refusal.Invalid("unknown_column", "The column 'email' is missing. Leave its cells empty for accounts without an email.")
        : header.Distinct(StringComparer.OrdinalIgnoreCase).Count() != header.Length
            ? Refusal.Invalid("unknown_column", "Two columns have the same name.")
        : null;

    private static bool Is(string name, string column) => string.Equals(name, column, StringComparison.OrdinalIgnoreCase);

    private static string Write(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
