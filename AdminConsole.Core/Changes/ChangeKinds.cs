namespace AdminConsole.Core.Changes;

/// <summary>Locks for rules that span rows. Changes that take the same lock run one at a time.</summary>
public enum ChangeLock
{
    None,

    /// <summary>Protects the rule that there is always an active administrator.</summary>
    Administrators,
}

/// <summary>The writes that leave no audit event. Anything else is a change.</summary>
public enum UnauditedWrite
{
    Migration,
    ServerKeys,
    SignInBudget,
    LastSeen,
    LastUsed,

    /// <summary>The next refresh token of a device, in a family whose start was audited.</summary>
    Refreshed,

    /// <summary>The time at which a device last polled for its approval.</summary>
    Polled,

    /// <summary>The number of wrong device codes that a session entered.</summary>
    WrongCodes,

    Purge,

    /// <summary>The use of a provider's logout token that ended no session.</summary>
    LogoutToken,

    /// <summary>The same password, hashed with the current parameters.</summary>
    Rehash,

    /// <summary>The deletion of further old events, after the audit event that announced it.</summary>
    Retention,

    /// <summary>The position up to which events were forwarded.</summary>
    Forwarding,

    /// <summary>The position up to which the log was seen.</summary>
    AuditHeartbeat,

    /// <summary>A user's saved filters of the audit log: a preference that affects no other user.</summary>
    SavedViews,

    /// <summary>The delivery state of emails, and reminders that no change causes.</summary>
    Outbox,
}
