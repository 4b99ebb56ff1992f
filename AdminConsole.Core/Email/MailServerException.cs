namespace AdminConsole.Core.Email;

/// <summary>The mail server, or the connection to it, failed. A later attempt may succeed.</summary>
public sealed class MailServerException(string message, Exception? cause = null) : Exception(message, cause);
