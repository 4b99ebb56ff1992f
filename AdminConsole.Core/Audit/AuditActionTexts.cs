namespace AdminConsole.Core.Audit;

/// <summary>The display texts of all actions, in the order in which filters list them.</summary>
public static partial class AuditActionTexts
{
    private const string SignIn = "Sign-in";
    private const string Factors = "Two-factor authentication";
    private const string Users = "Users";
    private const string Roles = "Roles";
    private const string Passwords = "Passwords";
    private const string Sessions = "Sessions";
    private const string Tokens = "Access tokens";
    private const string Devices = "Devices";
    private const string Providers = "Identity providers";
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
        ["not_admitted"] = "no account",
        ["locked_down"] = "account locked down",
        ["email_not_verified"] = "email not verified by the identity provider",
        ["domain_not_allowed"] = "email domain not allowed",
        ["link_required"] = "account must be linked first",
        ["invitation_open"] = "invitation not accepted yet",
        ["too_many_groups"] = "too many groups",
        ["provider_required"] = "role requires an identity provider",
        ["provider_unreachable"] = "identity provider not responding",
        ["provider_error"] = "identity provider reported an error",
        ["code_rejected"] = "authorization code rejected by the identity provider",
        ["declined"] = "declined at the identity provider",
        ["email_missing"] = "no email from the identity provider",
        ["email_invalid"] = "unusable email from the identity provider",
        ["wrong_issuer"] = "unexpected issuer",
        ["wrong_audience"] = "response for another application",
        ["wrong_nonce"] = "response of another sign-in",
        ["wrong_signature"] = "incorrect signature",
        ["wrong_algorithm"] = "signature algorithm not accepted",
        ["wrong_state"] = "response already used or not requested",
        ["unknown_key"] = "unknown signing key",
        ["token_expired"] = "response expired",
        ["expired"] = "sign-in timed out",
    };

    /// <summary>The texts of all actions.</summary>
    public static readonly IReadOnlyList<AuditActionText> All = [.. OfAccounts(), .. OfCredentials(), .. OfProviders()];

    private static readonly Dictionary<string, AuditActionText> ByAction = All.ToDictionary(text => text.Action, StringComparer.Ordinal);

    public static AuditActionText? Find(string action) => ByAction.GetValueOrDefault(action);

    private static string Role(EventFacts facts) => facts.Text("role") ?? "a role";

    private static PlainText Plain(string text) => new(text);

    // Keeps each branch a FormattableString. Without it, a conditional expression of interpolated strings is a string,
    // which no longer marks names.
    private static FormattableString Text(FormattableString sentence) => sentence;

    private static FormattableString SignedInSentence(EventFacts facts) =>
        facts.Is("reauthenticated") ? Text($"{facts.Actor} confirmed their identity")
        : facts.Is("newDevice") ? Text($"{facts.Actor} signed in from a new browser")
        : facts.Text("method")?.StartsWith("external", StringComparison.Ordinal) == true
            ? Text($"{facts.Actor} signed in with an identity provider")
        : facts.Text("method") == "passkey" ? Text($"{facts.Actor} signed in with a passkey")
        : Text($"{facts.Actor} signed in");

    private static FormattableString FailedSentence(EventFacts facts)
    {
        var reason = Plain(Reasons.GetValueOrDefault(facts.Text("reason") ?? "") ?? facts.Text("reason")?.Replace('_', ' ') ?? "refused");
        return facts.HasTarget ? Text($"{facts.Target} failed to sign in: {reason}")
            : facts.IsByUser ? Text($"{facts.Actor} failed to sign in: {reason}")
            : Text($"A sign-in failed: {reason}");
    }

    private static FormattableString UpdatedSentence(EventFacts facts)
    {
        if (facts.Has("erasedEvents"))
        {
            return $"{facts.Actor} erased personal data from the audit log";
        }

        var fields = Plain(facts.ChangedFields("profile"));
        return facts.IsOwn ? Text($"{facts.Actor} changed their {fields}") : Text($"{facts.Actor} changed the {fields} of {facts.Target}");
    }

    private static FormattableString ImportedSentence(EventFacts facts) =>
        facts.Text("created") is { } created && facts.Text("updated") is { } updated
            ? Text($"{facts.Actor} imported users: {Plain(created)} created, {Plain(updated)} updated")
            : Text($"{facts.Actor} imported users");

    private static FormattableString ResetRequestedSentence(EventFacts facts) =>
        facts.IsOwn ? Text($"{facts.Actor} requested a password reset")
        : facts.IsByUser ? Text($"{facts.Actor} created a password reset link for {facts.Target}")
        : facts.HasTarget ? Text($"A password reset was requested for {facts.Target}")
        : Text($"A password reset was requested for an unknown account");

    private static FormattableString SessionEndedSentence(EventFacts facts) =>
        facts.IsAboutUser && facts.IsOwn ? Text($"{facts.Actor} signed out everywhere")
        : facts.IsAboutUser ? Text($"{facts.Actor} signed {facts.Target} out everywhere")
        : facts.Text("user") is { } user ? Text($"{facts.Actor} signed {user} out of a session")
        : facts.Count("sessions", "session") is { } sessions ? Text($"{facts.Actor} ended {Plain(sessions)}")
        : Text($"{facts.Actor} ended a session");

    private static FormattableString TokenUpdatedSentence(EventFacts facts) =>
        facts.Count("switchedOff", "token") is { } paused
            ? Text($"{facts.Actor} paused {Plain(paused)} after a restore")
            : Text($"{facts.Actor} changed the {Plain(facts.ChangedFields("settings"))} of the token {facts.Target}");

    private static FormattableString SettingsSentence(EventFacts facts) =>
        facts.Text("testMail") is { } sent && facts.Is("sent") ? Text($"{facts.Actor} sent a test email to {sent}")
        : facts.Text("testMail") is { } address ? Text($"{facts.Actor} couldn't send a test email to {address}")
        : facts.Count("mailsRetried", "email") is { } mails ? Text($"{facts.Actor} retried {Plain(mails)}")
        : Text($"{facts.Actor} changed the settings: {Plain(facts.ChangedFields("nothing named"))}");

    private static FormattableString VerifiedSentence(EventFacts facts) =>
        !facts.Is("valid") ? Text($"{facts.Actor} verified the audit log, and the integrity check failed")
        : facts.Count("events", "event") is { } events ? Text($"{facts.Actor} verified {Plain(events)} of the audit log")
        : Text($"{facts.Actor} verified the audit log");
}

/// <summary>A sentence argument that is plain text and not a name.</summary>
internal sealed record PlainText(string Text)
{
    public override string ToString() => Text;
}
