namespace AdminConsole.Core.Contracts;

/// <summary>An email whose delivery has failed at least once, without its content.</summary>
/// <param name="Id">The email's id.</param>
/// <param name="Kind">The type of the email.</param>
/// <param name="Recipient">The recipient's email address.</param>
/// <param name="CreatedAt">When the email was queued.</param>
/// <param name="IsDead">True once delivery has failed too often to be retried automatically.</param>
/// <param name="Attempts">The number of delivery attempts.</param>
/// <param name="LastError">The last error of the mail server or the connection.</param>
/// <param name="NextTryAt">When delivery is next attempted; without meaning if <c>isDead</c> is true.</param>
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

/// <summary>The state of the email outbox.</summary>
/// <param name="Mailer">The delivery method: a mail server or files.</param>
/// <param name="Delivers">False if emails are only written to files.</param>
/// <param name="Waiting">The number of queued emails.</param>
/// <param name="Dead">The number of emails that failed permanently.</param>
/// <param name="Sent">The number of emails sent in the last 7 days.</param>
/// <param name="Stuck">The latest 50 emails that have failed at least once, permanently failed ones first.</param>
public sealed record OutboxStatus(string Mailer, bool Delivers, int Waiting, int Dead, int Sent, IReadOnlyList<FailedMail> Stuck);

/// <summary>The number of emails scheduled for another attempt.</summary>
public sealed record MailsRetried(int Retried);

/// <summary>The address to which a test email was sent.</summary>
public sealed record TestMailSent(string Recipient);
