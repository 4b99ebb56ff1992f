namespace AdminConsole.Cli;

/// <summary>What the exit code says.</summary>
internal enum ExitCode
{
    Ok = 0,

    /// <summary>The server said no.</summary>
    Refused = 1,

    /// <summary>The command line makes no sense.</summary>
    Usage = 2,

    /// <summary>Nobody is signed in, or no more.</summary>
    NotSignedIn = 3,

    /// <summary>The server cannot be reached, or what answers is none.</summary>
    Unreachable = 4,
}

/// <summary>Ends the command: with which exit code, and what to say.</summary>
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

    /// <summary>What to do about it.</summary>
    public string? Hint { get; init; }

    /// <summary>For programs: the server's code, or one of this program's own.</summary>
    public string Code { get; }

    /// <summary>The server's whole answer, as JSON; null where it is not from the server.</summary>
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
