namespace AdminConsole.Core.Contracts;

/// <summary>A mail that could not be sent yet, without its content.</summary>
/// <param name="Id">The mail's id.</param>
/// <param name="Kind">Which of the console's mails it is.</param>
/// <param name="Recipient">The address it goes to.</param>
/// <param name="CreatedAt">When it was queued.</param>
/// <param name="IsDead">True once it has failed too often to be tried again by itself.</param>
/// <param name="Attempts">How often it was tried.</param>
/// <param name="LastError">What the mail server or the connection said last.</param>
/// <param name="NextTryAt">When it is tried next, unless it is dead.</param>
public sealed record FailedMail(
    Guid Id,
    string Kind,
    string Recipient,
    DateTimeOffset CreatedAt,
    bool IsDead,
    int Attempts,
    string? LastError,
    DateTimeOffset NextTryAt
);

/// <summary>The state of mail.</summary>
/// <param name="Mailer">Where mail goes: a server, or files.</param>
/// <param name="Delivers">False where mails are written to files only.</param>
/// <param name="Waiting">How many are queued.</param>
/// <param name="Dead">How many have failed for good.</param>
/// <param name="Sent">How many were sent in the last 7 days.</param>
/// <param name="Stuck">The last 50 that have failed at least once, failed ones first.</param>
public sealed record OutboxStatus(string Mailer, bool Delivers, int Waiting, int Dead, int Sent, IReadOnlyList<FailedMail> Stuck);

/// <summary>How many mails are tried again.</summary>
public sealed record MailsRetried(int Retried);

/// <summary>The address that a test mail was sent to.</summary>
public sealed record TestMailSent(string Recipient);
