namespace AdminConsole.Cli.Auth;

/// <summary>A token as it was given: typed, pasted, or read from a file or the environment.</summary>
internal static class TokenText
{
    private const char ByteOrderMark = '\uFEFF';

    /// <summary>Without the byte-order mark and white space that editors and shells add; stops the command where what
    /// is left can't be a token (RFC 6750, 2.1).</summary>
    /// <param name="text">What was given.</param>
    /// <param name="origin">Where it is from.</param>
    public static string Read(string text, string origin)
    {
        var token = text.Trim().Trim(ByteOrderMark).Trim();
        return token.Length == 0 ? throw NoToken($"{origin} is empty.", "Create a token in the console under My tokens.")
            : token.All(letter => char.IsAsciiLetterOrDigit(letter) || "-._~+/=".Contains(letter)) ? token
            : token[0] is '"' or '\'' or '\u201C' or '\u2018' or '`'
                ? throw NoToken($"{origin} is not a token: it has quotes around it.", "Remove the quotes.")
            : throw NoToken(
                $"{origin} is not a token: it has characters that tokens don't have.",
                "Copy the token again, as one line of plain text."
            );
    }

    private static CliException NoToken(string message, string hint) => new(ExitCode.NotSignedIn, message, hint, "no_token");
}
