namespace AdminConsole.Core.Email;

/// <summary>An email to send. Retries use the same id, so that recipients can detect duplicates.</summary>
public sealed record OutgoingMail(Guid Id, string Kind, string Recipient, DateTimeOffset At, RenderedMail Content);

/// <summary>Delivers emails to a mail server or to files. Throws on failure; <see cref="MailRefusedException"/> if a
/// retry is useless.</summary>
public interface IMailer
{
    /// <summary>The display name for administrators.</summary>
    string Name { get; }

    /// <summary>True if emails reach their recipients; false if they are only stored.</summary>
    bool DeliversToRecipients { get; }

    Task SendAsync(OutgoingMail mail, CancellationToken ct);
}

/// <summary>The email was permanently rejected.</summary>
public sealed class MailRefusedException(string message) : Exception(message);
