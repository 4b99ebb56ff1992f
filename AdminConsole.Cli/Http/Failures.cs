using System.Security.Authentication;
using System.Text.Json;

namespace AdminConsole.Cli.Http;

/// <summary>Explains failures outside this program, such as network, TLS and file errors.</summary>
internal static class Failures
{
    /// <summary>Returns the error to report; null if the exception is a bug in this program.</summary>
    public static CliException? Explain(Exception exception) =>
        exception switch
        {
            HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } request => Untrusted(request),
            HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } => new(
                ExitCode.Unreachable,
                "The server's name can't be resolved.",
                "Check the address and the network."
            ),
            HttpRequestException request => new(
                ExitCode.Unreachable,
                $"The server cannot be reached: {Innermost(request).Message}",
                "Check the address (--server, ADMINCONSOLE_SERVER), the network, and that the server runs."
            ),
            HttpIOException cut => new(ExitCode.Unreachable, $"The answer was cut off: {cut.Message}"),
            TaskCanceledException { InnerException: TimeoutException } => new(ExitCode.Unreachable, "The server did not answer in time."),
            JsonException => new(
                ExitCode.Unreachable,
                "The server's answer cannot be understood.",
                "Is this the address of an AdminConsole? adminctl --version compares versions."
            ),
            UnauthorizedAccessException or IOException => new(ExitCode.Refused, exception.Message, code: "file"),
            _ => null,
        };

    private static CliException Untrusted(HttpRequestException request) =>
        Innermost(request) is AuthenticationException why && why.Message.Contains("certificate", StringComparison.Ordinal)
            ? new CliException(
                ExitCode.Unreachable,
                $"The server's certificate is not trusted: {why.Message}",
                "If your organisation has a certificate authority of its own, install it on this machine or name it in SSL_CERT_FILE.",
                "bad_certificate"
            )
            : new CliException(
                ExitCode.Unreachable,
                $"No secure connection can be made: {Innermost(request).Message}",
                "Does the server speak https at this address and port?"
            );

    private static Exception Innermost(Exception exception) => exception.InnerException is { } inner ? Innermost(inner) : exception;
}
