namespace AdminConsole.Core.Data;

/// <summary>Rules that span rows and make their changes wait for each other.</summary>
public enum ChangeLock
{
    None,

    /// <summary>"There is always an active administrator."</summary>
    Administrators,
}

/// <summary>The unaudited writes there are; anything else is a change.</summary>
public enum UnauditedWrite
{
    Migration,
    ServerKeys,
    SignInBudget,
    LastSeen,
    LastUsed,

    /// <summary>The next refresh token of a device, one of the family that an event told of.</summary>
    Refreshed,

    /// <summary>When a device last asked whether it was approved.</summary>
    Polled,

    /// <summary>How many wrong device codes a session gave.</summary>
    WrongCodes,

    Purge,

    /// <summary>The same password, hashed by the parameters of today.</summary>
    Rehash,

    /// <summary>What goes on after the event that announced it.</summary>
    Retention,

    /// <summary>How far events were forwarded.</summary>
    Forwarding,

    /// <summary>How far the log was seen.</summary>
    AuditHeartbeat,

    /// <summary>A user's saved filters of the log: a preference that affects no other user.</summary>
    SavedViews,

    /// <summary>What becomes of mails, and the reminders that no change causes.</summary>
    Outbox,
}
