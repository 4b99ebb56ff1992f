using static AdminConsole.Core.Audit.AuditActions;

namespace AdminConsole.Core.Audit;

/// <summary>The display texts of an audit action, including the sentence that describes an event.</summary>
/// <param name="Action">The action, one of <see cref="AuditActions"/>.</param>
/// <param name="Group">The heading under which filters list the action.</param>
/// <param name="Name">The plain name, such as "Role assigned".</param>
/// <param name="Synonyms">Additional search terms, separated by spaces.</param>
/// <param name="Sentence">Returns the sentence for one event. Its format arguments are names, except for
/// <c>PlainText</c>.</param>
/// <param name="Many">The predicate for several events of one operation, without the actor; "#" is replaced by their
/// number. Null when the action has none.</param>
public sealed record AuditActionText(
    string Action,
    string Group,
    string Name,
    string Synonyms,
    Func<EventFacts, FormattableString> Sentence,
    string? Many = null
)
{
    /// <summary>True when each word occurs in the group, name, synonyms or action, ignoring case.</summary>
    public bool Matches(string words) =>
        words
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .All(word => $"{Group} {Name} {Synonyms} {Action}".Contains(word, StringComparison.OrdinalIgnoreCase));
}

/// <summary>The display texts of all actions, in the order in which filters list them.</summary>
public static class AuditActionTexts
{
    private const string SignIn = "Sign-in";
    private const string Factors = "Two-factor authentication";
    private const string Users = "Users";
    private const string Roles = "Roles";
    private const string Passwords = "Passwords";
    private const string Sessions = "Sessions";
    private const string Tokens = "Access tokens";
    private const string Devices = "Devices";
    private const string Settings = "Settings";
    private const string Log = "Audit log";
    private const string System = "System";

    private static readonly Dictionary<string, string> Reasons = new(StringComparer.Ordinal)
    {
        ["wrong_password"] = "incorrect password",
        ["unknown_user"] = "unknown user",
        ["locked_out"] = "account locked",
        ["inactive"] = "account deactivated",
        ["wrong_passkey"] = "passkey not accepted",
        ["wrong_code"] = "incorrect code",
        ["not_linked"] = "no linked account",
    };

    public static readonly IReadOnlyList<AuditActionText> All =
    [
        new(SignedIn, SignIn, "Signed in", "login authentication", SignedInSentence, "signed in # times"),
        new(SignInFailed, SignIn, "Sign-in failed", "login wrong password failure", FailedSentence, "failed to sign in # times"),
        new(SignedOut, SignIn, "Signed out", "logout", facts => $"{facts.Actor} signed out"),
        new(
            LockedOut,
            SignIn,
            "Account locked",
            "lockout brute force",
            facts =>
                facts.Is("knownBrowser")
                    ? Say($"{facts.Target} was locked on a known browser after failed sign-ins")
                    : Say($"{facts.Target} was locked after failed sign-ins")
        ),
        new(
            AccessDenied,
            SignIn,
            "Access denied",
            "forbidden permission refused",
            facts =>
                facts.Text("door") is { } needed
                    ? Say($"{facts.Actor} was denied access, {needed} is required")
                    : Say($"{facts.Actor} was denied access")
        ),
        new(
            MfaEnabled,
            Factors,
            "2FA turned on",
            "mfa totp authenticator enrolled",
            facts =>
                facts.IsOwn
                    ? Say($"{facts.Actor} turned on two-factor authentication")
                    : Say($"{facts.Actor} turned on two-factor authentication for {facts.Target}")
        ),
        new(
            MfaDisabled,
            Factors,
            "2FA turned off",
            "mfa totp authenticator reset removed",
            facts =>
                facts.IsOwn
                    ? Say($"{facts.Actor} turned off two-factor authentication")
                    : Say($"{facts.Actor} reset two-factor authentication for {facts.Target}"),
            "reset two-factor authentication for # users"
        ),
        new(
            RecoveryCodeUsed,
            Factors,
            "Recovery code used",
            "mfa backup code",
            facts =>
                facts.Count("left", "code") is { } left
                    ? Say($"{facts.Target} used a recovery code, {Plain(left)} left")
                    : Say($"{facts.Target} used a recovery code")
        ),
        new(
            RecoveryCodesGenerated,
            Factors,
            "Recovery codes created",
            "mfa backup codes",
            facts => $"{facts.Actor} created new recovery codes"
        ),
        new(
            PasskeyAdded,
            Factors,
            "Passkey added",
            "webauthn security key",
            facts => $"{facts.Actor} added the passkey {facts.Text("name")}"
        ),
        new(
            PasskeyRemoved,
            Factors,
            "Passkey removed",
            "webauthn security key",
            facts => $"{facts.Actor} removed the passkey {facts.Text("name")}"
        ),
        new(UserCreated, Users, "User created", "account added new", facts => $"{facts.Actor} created {facts.Target}", "created # users"),
        new(UserInvited, Users, "User invited", "invitation mail", facts => $"{facts.Actor} invited {facts.Target}", "invited # users"),
        new(UserUpdated, Users, "User updated", "profile email renamed changed erased privacy", UpdatedSentence, "updated # users"),
        new(
            EmailChangeRequested,
            Users,
            "Email change requested",
            "address confirmation link",
            facts => $"{facts.Actor} asked to change their email"
        ),
        new(EmailChanged, Users, "Email changed", "address confirmed", facts => $"{facts.Actor} confirmed a new email"),
        new(
            UserLinked,
            Users,
            "Identity provider linked",
            "external login sso oidc",
            facts => $"{facts.Actor} linked the sign-in with {facts.Text("provider")}"
        ),
        new(
            UserUnlinked,
            Users,
            "Identity provider unlinked",
            "external login sso oidc",
            facts => $"{facts.Actor} unlinked the sign-in with {facts.Text("provider")}"
        ),
        new(
            UserActivated,
            Users,
            "User activated",
            "reactivated enabled",
            facts => $"{facts.Actor} activated {facts.Target}",
            "activated # users"
        ),
        new(
            UserDeactivated,
            Users,
            "User deactivated",
            "disabled suspended",
            facts => $"{facts.Actor} deactivated {facts.Target}",
            "deactivated # users"
        ),
        new(UserUnlocked, Users, "User unlocked", "lockout", facts => $"{facts.Actor} unlocked {facts.Target}", "unlocked # users"),
        new(
            UserLockedDown,
            Users,
            "User locked down",
            "lockdown compromised",
            facts => $"{facts.Actor} locked down {facts.Target}",
            "locked down # users"
        ),
        new(UserDeleted, Users, "User deleted", "removed", facts => $"{facts.Actor} deleted {facts.Target}", "deleted # users"),
        new(UserImported, Users, "Users imported", "csv file upload", ImportedSentence),
        new(
            UserRoleAdded,
            Roles,
            "Role assigned",
            "assignment permission granted admin",
            facts => $"{facts.Actor} assigned {Role(facts)} to {facts.Target}",
            "assigned a role to # users"
        ),
        new(
            UserRoleRemoved,
            Roles,
            "Role removed",
            "assignment permission revoked admin",
            facts =>
                facts.Text("movedTo") is { } other
                    ? Say($"{facts.Actor} moved {facts.Target} from {Role(facts)} to {other}")
                    : Say($"{facts.Actor} removed {Role(facts)} from {facts.Target}"),
            "removed a role from # users"
        ),
        new(RoleCreated, Roles, "Role created", "permission added", facts => $"{facts.Actor} created the role {facts.Target}"),
        new(
            RoleUpdated,
            Roles,
            "Role updated",
            "permission changed",
            facts => $"{facts.Actor} changed the {Plain(facts.ChangedFields("settings"))} of the role {facts.Target}"
        ),
        new(RoleDeleted, Roles, "Role deleted", "permission removed", facts => $"{facts.Actor} deleted the role {facts.Target}"),
        new(PasswordChanged, Passwords, "Password changed", "credential", facts => $"{facts.Actor} changed their password"),
        new(
            PasswordResetRequested,
            Passwords,
            "Password reset requested",
            "credential forgotten link",
            ResetRequestedSentence,
            "created password reset links for # users"
        ),
        new(
            PasswordResetCancelled,
            Passwords,
            "Password reset cancelled",
            "credential link",
            facts => $"{facts.Actor} cancelled the password reset of {facts.Target}",
            "cancelled # password resets"
        ),
        new(
            PasswordReset,
            Passwords,
            "Password reset",
            "credential forgotten",
            facts => $"{facts.Target} chose a new password with a reset link"
        ),
        new(
            PasswordSet,
            Passwords,
            "Temporary password set",
            "credential",
            facts => $"{facts.Actor} set a temporary password for {facts.Target}"
        ),
        new(
            PasswordChangeRequired,
            Passwords,
            "Password change required",
            "credential",
            facts => $"{facts.Actor} required a password change from {facts.Target}",
            "required a password change from # users"
        ),
        new(SessionEnded, Sessions, "Session ended", "signed out logout revoked", SessionEndedSentence, "ended # sessions"),
        new(TokenCreated, Tokens, "Token created", "api key secret", facts => $"{facts.Actor} created the token {facts.Target}"),
        new(TokenUpdated, Tokens, "Token updated", "api key paused renamed", TokenUpdatedSentence, "updated # tokens"),
        new(TokenRotated, Tokens, "Token rotated", "api key secret renewed", facts => $"{facts.Actor} rotated the token {facts.Target}"),
        new(
            TokenRevoked,
            Tokens,
            "Token revoked",
            "api key secret ended",
            facts => $"{facts.Actor} revoked the token {facts.Target}",
            "revoked # tokens"
        ),
        new(
            TokenReuseDetected,
            Tokens,
            "Token reuse detected",
            "api key secret leaked stolen",
            facts =>
                facts.Count("revoked", "token") is { } revoked
                    ? Say($"The rotated token {facts.Target} was used again: {Plain(revoked)} revoked")
                    : Say($"The rotated token {facts.Target} was used again")
        ),
        new(
            DeviceCodeRequested,
            Devices,
            "Device code requested",
            "cli oauth",
            facts =>
                facts.IsByUser
                    ? Say($"{facts.Actor} created a sign-in code for {facts.Target}")
                    : Say($"The device {facts.Target} asked for a sign-in code")
        ),
        new(
            DeviceApproved,
            Devices,
            "Device authorized",
            "cli oauth approved",
            facts => $"{facts.Actor} authorized the device {facts.Target}"
        ),
        new(DeviceDenied, Devices, "Device denied", "cli oauth refused", facts => $"{facts.Actor} denied the device {facts.Target}"),
        new(
            DeviceConnected,
            Devices,
            "Device connected",
            "cli oauth app",
            facts => $"{facts.Actor} signed in on the device {facts.Target}"
        ),
        new(DeviceRenamed, Devices, "Device renamed", "cli oauth app name", facts => $"{facts.Actor} renamed the device {facts.Target}"),
        new(
            DeviceRevoked,
            Devices,
            "Device signed out",
            "cli oauth app revoked",
            facts => $"{facts.Actor} signed the device {facts.Target} out",
            "signed # devices out"
        ),
        new(
            RefreshReuseDetected,
            Devices,
            "Refresh token reuse detected",
            "cli oauth leaked stolen",
            facts =>
                facts.Text("user") is { } user
                    ? Say($"A refresh token of {facts.Target} of {user} was used twice, and the device was signed out")
                    : Say($"A refresh token of {facts.Target} was used twice, and the device was signed out")
        ),
        new(SettingsUpdated, Settings, "Settings changed", "configuration mail", SettingsSentence),
        new(AuditViewed, Log, "Audit log viewed", "read", facts => $"{facts.Actor} viewed the audit log"),
        new(
            AuditExported,
            Log,
            "Audit log exported",
            "download csv",
            facts =>
                facts.Count("count", "event") is { } events
                    ? Say($"{facts.Actor} exported {Plain(events)} from the audit log")
                    : Say($"{facts.Actor} exported the audit log")
        ),
        new(AuditVerified, Log, "Audit log verified", "integrity checked", VerifiedSentence),
        new(
            AuditPruned,
            Log,
            "Old events deleted",
            "retention pruned",
            facts =>
                facts.Count("count", "event") is { } events
                    ? Say($"{facts.Actor} deleted {Plain(events)} older than the retention period")
                    : Say($"{facts.Actor} deleted events older than the retention period")
        ),
        new(AuditActions.AuditRepaired, Log, "Audit log repaired", "quarantine", facts => $"{facts.Actor} repaired the audit log"),
        new(SetupCompleted, System, "Setup completed", "first administrator", facts => $"{facts.Actor} set up AdminConsole"),
        new(
            AdminRecovered,
            System,
            "Administrator recovered",
            "recovery command",
            facts => $"{facts.Actor} recovered the administrator {facts.Target}"
        ),
        new(BackupCreated, System, "Backup created", "database", facts => $"{facts.Actor} created the backup {facts.Target}"),
        new(BackupRestored, System, "Backup restored", "database", facts => $"{facts.Actor} restored a backup"),
    ];

    private static readonly Dictionary<string, AuditActionText> ByAction = All.ToDictionary(text => text.Action, StringComparer.Ordinal);

    public static AuditActionText? Find(string action) => ByAction.GetValueOrDefault(action);

    private static string Role(EventFacts facts) => facts.Text("role") ?? "a role";

    private static PlainText Plain(string text) => new(text);

    // Keeps each branch a FormattableString. Without it, a conditional expression of interpolated strings is a string,
    // which no longer marks names.
    private static FormattableString Say(FormattableString sentence) => sentence;

    private static FormattableString SignedInSentence(EventFacts facts) =>
        facts.Is("reauthenticated") ? Say($"{facts.Actor} confirmed their identity")
        : facts.Is("newDevice") ? Say($"{facts.Actor} signed in from a new browser")
        : facts.Text("method")?.StartsWith("external", StringComparison.Ordinal) == true
            ? Say($"{facts.Actor} signed in with an identity provider")
        : facts.Text("method") == "passkey" ? Say($"{facts.Actor} signed in with a passkey")
        : Say($"{facts.Actor} signed in");

    private static FormattableString FailedSentence(EventFacts facts)
    {
        var reason = Plain(Reasons.GetValueOrDefault(facts.Text("reason") ?? "") ?? facts.Text("reason")?.Replace('_', ' ') ?? "refused");
        return facts.HasTarget ? Say($"{facts.Target} failed to sign in: {reason}")
            : facts.IsByUser ? Say($"{facts.Actor} failed to sign in: {reason}")
            : Say($"A sign-in failed: {reason}");
    }

    private static FormattableString UpdatedSentence(EventFacts facts)
    {
        if (facts.Has("erasedEvents"))
        {
            return $"{facts.Actor} erased personal data from the audit log";
        }

        var fields = Plain(facts.ChangedFields("profile"));
        return facts.IsOwn ? Say($"{facts.Actor} changed their {fields}") : Say($"{facts.Actor} changed the {fields} of {facts.Target}");
    }

    private static FormattableString ImportedSentence(EventFacts facts) =>
        facts.Text("created") is { } created && facts.Text("updated") is { } updated
            ? Say($"{facts.Actor} imported users: {Plain(created)} created, {Plain(updated)} updated")
            : Say($"{facts.Actor} imported users");

    private static FormattableString ResetRequestedSentence(EventFacts facts) =>
        facts.IsOwn ? Say($"{facts.Actor} requested a password reset")
        : facts.IsByUser ? Say($"{facts.Actor} created a password reset link for {facts.Target}")
        : facts.HasTarget ? Say($"A password reset was requested for {facts.Target}")
        : Say($"A password reset was requested for an unknown account");

    private static FormattableString SessionEndedSentence(EventFacts facts) =>
        facts.IsAboutUser && facts.IsOwn ? Say($"{facts.Actor} signed out everywhere")
        : facts.IsAboutUser ? Say($"{facts.Actor} signed {facts.Target} out everywhere")
        : facts.Text("user") is { } user ? Say($"{facts.Actor} signed {user} out of a session")
        : facts.Count("sessions", "session") is { } sessions ? Say($"{facts.Actor} ended {Plain(sessions)}")
        : Say($"{facts.Actor} ended a session");

    private static FormattableString TokenUpdatedSentence(EventFacts facts) =>
        facts.Count("switchedOff", "token") is { } paused
            ? Say($"{facts.Actor} paused {Plain(paused)} after a restore")
            : Say($"{facts.Actor} changed the {Plain(facts.ChangedFields("settings"))} of the token {facts.Target}");

    private static FormattableString SettingsSentence(EventFacts facts) =>
        facts.Text("testMail") is { } sent && facts.Is("sent") ? Say($"{facts.Actor} sent a test email to {sent}")
        : facts.Text("testMail") is { } address ? Say($"{facts.Actor} couldn't send a test email to {address}")
        : facts.Count("mailsRetried", "email") is { } mails ? Say($"{facts.Actor} retried {Plain(mails)}")
        : Say($"{facts.Actor} changed the settings: {Plain(facts.ChangedFields("nothing named"))}");

    private static FormattableString VerifiedSentence(EventFacts facts) =>
        !facts.Is("valid") ? Say($"{facts.Actor} verified the audit log, and the integrity check failed")
        : facts.Count("events", "event") is { } events ? Say($"{facts.Actor} verified {Plain(events)} of the audit log")
        : Say($"{facts.Actor} verified the audit log");
}

/// <summary>A sentence argument that is plain text and not a name.</summary>
internal sealed record PlainText(string Text)
{
    public override string ToString() => Text;
}
