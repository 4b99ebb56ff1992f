namespace AdminConsole.Core.Email;

/// <summary>The state of an email in the outbox. The values are stored in the database.</summary>
public static class MailStates
{
    public const string Waiting = "waiting";
    public const string Sent = "sent";

    /// <summary>Failed permanently. An administrator may retry it.</summary>
    public const string Dead = "dead";

    /// <summary>Processed like any other email, but not sent. Makes a request for an unknown address cost as much as
    /// one for a known address.</summary>
    public const string Decoy = "decoy";
}

/// <summary>An email queued by a change. Its content is encrypted, and erased once it is sent.</summary>
public sealed class OutboxMail
{
    /// <summary>The recipient of a decoy.</summary>
    public const string DecoyRecipient = "";

    public required Guid Id { get; init; }
    public required string Kind { get; init; }
    public required string Recipient { get; init; }

    /// <summary>The encrypted subject, text and HTML; null once sent.</summary>
    public required byte[]? Content { get; init; }

    public required string State { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The time of the next attempt. A worker claims an email by moving this time into the future.</summary>
    public required DateTimeOffset DueAt { get; init; }

    /// <summary>The time after which the email is not sent.</summary>
    public required DateTimeOffset? ValidUntil { get; init; }

    public int Attempts { get; init; }

    /// <summary>The error of the last attempt, in one sentence.</summary>
    public string? LastError { get; init; }

    public DateTimeOffset? SentAt { get; init; }
}

/// <summary>A single-use link in a new-device alert that locks down the account. Valid for one day. Only the hash of
/// the secret is stored.</summary>
public sealed class NewDeviceAlert
{
    public required Guid Id { get; init; }
    public required Guid UserId { get; init; }
    public required byte[] SecretHash { get; init; }
    public required DateTimeOffset ExpiresAt { get; init; }
    public DateTimeOffset? UsedAt { get; init; }
}
