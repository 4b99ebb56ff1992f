using AdminConsole.Core.Audit;
using AdminConsole.Core.Data;
using AdminConsole.Core.Security;

namespace AdminConsole.Core.Users;

/// <summary>
/// How much of a user's access an operation ends. Each ending includes the links to set a password, invitations, and
/// the mails with such
/// links that are not sent yet.
/// </summary>
internal sealed record CredentialRevocation
{
    /// <summary>Only links; for a new link, which replaces older ones.</summary>
    public static readonly CredentialRevocation Links = new();

    /// <summary>Everything that could begin a session or device; for operations after which the user stays signed
    /// in.</summary>
    public static readonly CredentialRevocation Pending = new() { Codes = true };

    /// <summary>Also every other secret that was sent to the user's address, which is about to be another
    /// user's.</summary>
    public static readonly CredentialRevocation Address = new() { Codes = true, Alerts = true };

    /// <summary>Also sessions and devices, counted in the operation's own event.</summary>
    public static readonly CredentialRevocation SignedIn = new() { Codes = true, Sessions = true };

    /// <summary>All access, including personal access tokens, known browsers and linked identity providers.</summary>
    public static readonly CredentialRevocation Everything = new()
    {
        Codes = true,
        Alerts = true,
        Sessions = true,
        Tokens = true,
    };

    /// <summary>
    /// Links that confirm an email, connect codes, approved devices that are not connected yet, and sign-ins that wait
    /// for their second
    /// step.
    /// </summary>
    public bool Codes { get; private init; }

    /// <summary>Links of mails about new browsers.</summary>
    public bool Alerts { get; private init; }

    public bool Sessions { get; private init; }

    /// <summary>Personal access tokens, known browsers and linked identity providers.</summary>
    public bool Tokens { get; private init; }

    /// <summary>Set where each ended session and device gets an event of its own.</summary>
    public string? Reason { get; private init; }

    /// <summary>The session or device that goes on.</summary>
    public Guid? Keep { get; private init; }

    /// <summary>Sessions and devices but the one to keep, with an event for each.</summary>
    public static CredentialRevocation EachSession(string reason, Guid? keep = null) => SignedIn with { Reason = reason, Keep = keep };
}

/// <summary>How much access was ended.</summary>
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
    /// <summary>Records what ended besides the sessions and devices that have an event each; also that there were none,
    /// so that the operation leaves an event.</summary>
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

    /// <summary>Records a lockdown and everything that it ended in one event.</summary>
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
