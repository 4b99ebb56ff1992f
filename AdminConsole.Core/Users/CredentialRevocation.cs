using AdminConsole.Core.Changes;
using AdminConsole.Core.Security;

namespace AdminConsole.Core.Users;

/// <summary>The scope of a credential revocation. Every scope includes password links and invitations, and the unsent
/// emails that contain them.</summary>
internal sealed record CredentialRevocation
{
    /// <summary>Password links only. Used when a new link replaces older ones.</summary>
    public static readonly CredentialRevocation Links = new();

    /// <summary>Everything that could start a session or connect a device. Used when the user stays signed
    /// in.</summary>
    public static readonly CredentialRevocation Pending = new() { PendingAccess = true };

    /// <summary><see cref="Pending"/>, and every other secret sent to the current email. Used before the email
    /// changes.</summary>
    public static readonly CredentialRevocation Address = new() { PendingAccess = true, NewDeviceAlerts = true };

    /// <summary><see cref="Pending"/>, and all sessions and devices. The operation's own event records how
    /// many.</summary>
    public static readonly CredentialRevocation SignedIn = new() { PendingAccess = true, Sessions = true };

    /// <summary>All access, including personal access tokens, known browsers and linked identity providers.</summary>
    public static readonly CredentialRevocation Everything = new()
    {
        PendingAccess = true,
        NewDeviceAlerts = true,
        Sessions = true,
        Tokens = true,
    };

    /// <summary>True to revoke pending access: email confirmation links, connect codes, approved devices that are not
    /// connected yet, and sign-ins that wait for their second factor.</summary>
    public bool PendingAccess { get; private init; }

    /// <summary>True to revoke the links in new-device alerts.</summary>
    public bool NewDeviceAlerts { get; private init; }

    public bool Sessions { get; private init; }

    /// <summary>True to revoke personal access tokens, known browsers and linked identity providers.</summary>
    public bool Tokens { get; private init; }

    /// <summary>The reason recorded in one audit event per ended session and device. Null if they have no events of
    /// their own.</summary>
    public string? Reason { get; private init; }

    /// <summary>The session or device that is not ended.</summary>
    public Guid? ExceptId { get; private init; }

    /// <summary>All sessions and devices except the given one, with an audit event for each.</summary>
    public static CredentialRevocation EachSession(string reason, Guid? keep = null) => SignedIn with { Reason = reason, ExceptId = keep };
}

/// <summary>The numbers of revoked credentials.</summary>
internal sealed record RevokedCredentials(
    int Sessions,
    int Devices,
    int ResetLinks,
    int Codes,
    int Mails,
    int Browsers,
    int Tokens,
    int Providers
)
{
    /// <summary>Records the revoked credentials that have no audit event of their own. Also records an event if nothing
    /// was revoked, so that the operation always leaves one.</summary>
    public void RecordSessionsEnded(ChangeContext change, AppUser user)
    {
        if (ResetLinks + Codes + Mails > 0 || Sessions + Devices == 0)
        {
            change.Record(
                AuditActions.SessionEnded,
                user.AsTarget(),
                new
                {
                    sessionsEnded = Sessions,
                    devicesEnded = Devices,
                    resetLinksEnded = ResetLinks,
                    codesEnded = Codes,
                    mailsWithdrawn = Mails,
                }
            );
        }
    }

    /// <summary>Records a lockdown and all credentials that it revoked in one event.</summary>
    public void RecordLockdown(ChangeContext change, AppUser user, bool wasActive, Actor? by = null) =>
        change.Record(
            AuditActions.UserLockedDown,
            user.AsTarget(),
            new
            {
                reason = user.DeactivatedReason,
                wasActive,
                sessionsEnded = Sessions,
                devicesEnded = Devices,
                resetLinksEnded = ResetLinks,
                codesEnded = Codes,
                mailsWithdrawn = Mails,
                browsersForgotten = Browsers,
                tokensRevoked = Tokens,
                providersUnlinked = Providers,
            },
            by
        );
}
