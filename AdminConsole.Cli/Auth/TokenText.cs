namespace AdminConsole.Cli.Auth;

/// <summary>Reads a token that was typed, pasted, or taken from a file or the environment.</summary>
internal static class TokenText
{
    private const char ByteOrderMark = '\uFEFF';

    /// <summary>Removes the byte-order mark and white space that editors and shells add. Throws a
    /// <see cref="CliException"/> if the rest cannot be a token (RFC 6750, section 2.1).</summary>
    /// <param name="text">The text to read.</param>
    /// <param name="origin">The source of the text, for the error message.</param>
    public static string Read(string text, string origin)
    {
        var token = text.Trim().Trim(ByteOrderMark).Trim();
        return token.Length == 0 ? throw NoToken($"{origin} is empty.", "Create a token in the console under My tokens.")
            : token.All(character => char.IsAsciiLetterOrDigit(character) || "-._~+/=".Contains(character)) ? token
            : token[0] is '"' or '\'' or '\u201C' or '\u2018' or '`'
                ? throw NoToken($"{origin} is not a token: it has quotes around it.", "Remove the quotes.")
            : throw NoToken(
                $"{origin} is not a token: it has characters that tokens don't have.",
                "Copy the token again, as one line of plain text."
            );
    }

    private static CliException NoToken(string message, string hint) => new(ExitCode.NotSignedIn, message, hint, "no_token");
}
