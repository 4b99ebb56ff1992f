namespace AdminConsole.Core.Email;

/// <summary>A mail as it goes out. The id stays the same when it is sent again, so that recipients can recognize a
/// duplicate.</summary>
public sealed record OutgoingMail(Guid Id, string Kind, string Recipient, DateTimeOffset At, RenderedMail Content);

/// <summary>Takes mails to where they are read: a mail server, or files. Throws where it could not,
/// <see cref="MailRefusedException"/> where trying again is of no use.</summary>
public interface IMailer
{
    /// <summary>As administrators see it.</summary>
    string Name { get; }

    /// <summary>True where mails reach the people they are for.</summary>
    bool Delivers { get; }

    Task SendAsync(OutgoingMail mail, CancellationToken ct);
}

/// <summary>The mail was refused for good.</summary>
public sealed class MailRefusedException(string message) : Exception(message);
