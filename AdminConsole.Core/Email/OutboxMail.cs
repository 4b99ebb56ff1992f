namespace AdminConsole.Core.Email;

/// <summary>What has become of a mail; the value stands in the database.</summary>
public static class MailStates
{
    public const string Waiting = "waiting";
    public const string Sent = "sent";

    /// <summary>Given up; an administrator may try again.</summary>
    public const string Dead = "dead";

    /// <summary>Worked on like others, but sent to nobody: it makes asking for an unknown address cost what asking for
    /// a known one costs, then and afterwards.</summary>
    public const string Decoy = "decoy";
}

/// <summary>A mail that was written with a change. What it says is encrypted, and erased once it is sent.</summary>
public sealed class OutboxMail
{
    /// <summary>The recipient of a decoy.</summary>
    public const string DecoyRecipient = "";

    public required Guid Id { get; init; }
    public required string Kind { get; init; }
    public required string Recipient { get; init; }

    /// <summary>Subject and both bodies, encrypted; null once it is sent.</summary>
    public required byte[]? Content { get; init; }

    public required string State { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When to try next. A worker moves it ahead before it tries, so that no other worker does.</summary>
    public required DateTimeOffset DueAt { get; init; }

    /// <summary>After this it is not worth sending.</summary>
    public required DateTimeOffset? ValidUntil { get; init; }

    public int Attempts { get; init; }

    /// <summary>Why it did not go the last time, in one sentence.</summary>
    public string? LastError { get; init; }

    public DateTimeOffset? SentAt { get; init; }
}

/// <summary>A link in a mail about a new browser, with which its owner locks the account. Works once, for a day; only
/// the secret's hash is kept.</summary>
public sealed class NewDeviceAlert
{
    public required Guid Id { get; init; }
    public required Guid UserId { get; init; }
    public required byte[] SecretHash { get; init; }
    public required DateTimeOffset ExpiresAt { get; init; }
    public DateTimeOffset? UsedAt { get; init; }
}
