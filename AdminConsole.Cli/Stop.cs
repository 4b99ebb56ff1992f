namespace AdminConsole.Cli;

/// <summary>The exit codes of <c>adminctl</c>.</summary>
internal enum ExitCode
{
    Ok = 0,

    /// <summary>The server refused the request, or the command failed on this machine.</summary>
    Refused = 1,

    /// <summary>The command line is invalid.</summary>
    Usage = 2,

    /// <summary>No user is signed in, or the sign-in is no longer valid.</summary>
    NotSignedIn = 3,

    /// <summary>The server is unreachable, or is not an AdminConsole.</summary>
    Unreachable = 4,
}

/// <summary>Ends the command with an exit code and a message.</summary>
internal sealed class CliException : Exception
{
    public CliException(ExitCode exitCode, string message, string? hint = null, string? code = null)
        : base(message)
    {
        ExitCode = exitCode;
        Hint = hint;
        Code = code ?? CodeOf(exitCode);
    }

    public ExitCode ExitCode { get; }

    /// <summary>How to resolve the problem; null if unknown.</summary>
    public string? Hint { get; init; }

    /// <summary>The machine-readable code: the server's, or one that this program defines.</summary>
    public string Code { get; }

    /// <summary>The server's full response as JSON; null if the error is not from the server.</summary>
    public string? Problem { get; init; }

    public static CliException Usage(string message, string? hint = null) => new(ExitCode.Usage, message, hint);

    private static string CodeOf(ExitCode exitCode) =>
        exitCode switch
        {
            ExitCode.Usage => "usage",
            ExitCode.NotSignedIn => "not_signed_in",
            ExitCode.Unreachable => "unreachable",
            _ => "refused",
        };
}
