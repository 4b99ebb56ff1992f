using System.Globalization;
using AdminConsole.Core.Changes;
using AdminConsole.Core.OAuth;
using AdminConsole.Core.Tokens;
using AdminConsole.Core.Users;

namespace AdminConsole.Core.Email;

/// <summary>The email templates, one per kind.</summary>
internal static class EmailTemplates
{
    private const string Unexpected = "If you didn't expect this email, you can ignore it. Nothing happens unless the link is used.";

    private const string NotYou =
        "If this wasn't you, contact your administrator now and choose \"Forgot password?\" on the sign-in page. "
        + "A new password ends every session.";

    /// <summary>The kinds of email whose link contains a secret. They are deleted from the outbox when the secret is
    /// revoked.</summary>
    public static readonly IReadOnlyList<string> WithSecret = ["invitation", "password-reset", NewDeviceKind, ConfirmEmailKind];

    public const string NewDeviceKind = "new-device";

    /// <summary>The only kind with a secret that is sent to an address that isn't the user's yet.</summary>
    public const string ConfirmEmailKind = "confirm-email";

    public static EmailMessage Invitation(AppUser user, string invitedBy, string secret, DateTimeOffset until) =>
        new(
            "invitation",
            "You're invited to AdminConsole",
            $"Hello {user.DisplayName},",
            $"{invitedBy} created an account for you. Set it up, then sign in as {user.SignInName}."
        )
        {
            Link = new("Set up your account", MailLinks.Invitation, ("email", user.SignInName), ("token", secret)),
            Note = $"The link works once, until {Time(until)}. {Unexpected}",
            ValidUntil = until,
        };

    public static EmailMessage PasswordReset(AppUser user, string secret, DateTimeOffset until, string? byAdministrator) =>
        new(
            "password-reset",
            "Set a new password",
            $"Hello {user.DisplayName},",
            byAdministrator is null
                ? "Someone, most likely you, asked to reset the password of this account."
                : $"{byAdministrator} created a link for you to set a new password."
        )
        {
            Link = new("Set a new password", MailLinks.ResetPassword, ("email", user.SignInName), ("token", secret)),
            Note = $"The link works once, until {Time(until)}. Your current password keeps working until you use it. {Unexpected}",
            ValidUntil = until,
        };

    public static EmailMessage PasswordChanged(AppUser user, ChangeContext change, string how) =>
        new("password-changed", "Your password was changed", $"Hello {user.DisplayName},", how) { Facts = Where(change), Note = NotYou };

    public static EmailMessage PasswordSet(AppUser user, ChangeContext change) =>
        new(
            "password-set",
            "An administrator set your password",
            $"Hello {user.DisplayName},",
            $"{change.Actor.Name} set a temporary password for you. You must change it at your next sign-in. All your sessions were ended."
        )
        {
            Facts = [("When", Time(change.At))],
            Note = "If you didn't expect this, contact them.",
        };

    /// <summary>Sent to the requested address. Doesn't name the user, because the address may belong to another
    /// person.</summary>
    public static EmailMessage ConfirmEmail(string address, string secret, DateTimeOffset until) =>
        new(
            ConfirmEmailKind,
            "Confirm your email",
            "Hello,",
            "Someone, most likely you, asked to use this email for an account. Confirm it to sign in with it from then on."
        )
        {
            Link = new("Confirm email", MailLinks.ConfirmEmail, ("email", address), ("token", secret)),
            Note = $"The link works once, until {Time(until)}. {Unexpected}",
            ValidUntil = until,
        };

    /// <summary>Sent instead if another account uses the address. This isn't disclosed to the user who requested
    /// it.</summary>
    public static EmailMessage EmailInUse(DateTimeOffset until) =>
        new(
            "email-in-use",
            "An account with this email exists",
            "Hello,",
            "Someone, most likely you, asked to use this email for an account. It belongs to another account already, so nothing changed."
        )
        {
            Link = new("Open AdminConsole", MailLinks.Overview),
            Note = "To use the account that has it, sign in with this email. If you didn't ask, there's nothing to do.",
            ValidUntil = until,
        };

    /// <summary>Sent to the old address. Doesn't contain the new one, because the old mailbox may belong to another
    /// person by now.</summary>
    public static EmailMessage EmailChanged(AppUser user, ChangeContext change) =>
        new(
            "email-changed",
            "The email of your account was changed",
            $"Hello {user.DisplayName},",
            "Your AdminConsole account now uses a different email. You can't sign in with this address anymore, and it "
                + "receives no more mail about the account."
        )
        {
            Facts = ChangedBy(user, change),
            Note =
                "If you didn't expect this, contact your administrator right away. "
                + "They can restore your email and sign out everyone who uses the account.",
        };

    /// <summary>Sent to the new address.</summary>
    public static EmailMessage NewEmail(AppUser user, ChangeContext change, bool isFirst) =>
        new(
            "new-email",
            "This is the new email of your account",
            $"Hello {user.DisplayName},",
            user.PasswordHash is null ? "Your AdminConsole account now uses this email."
                : isFirst
                    ? "Your AdminConsole account now uses this email. You can sign in with it or with your username. Your password "
                        + "didn't change."
                : "Your AdminConsole account now uses this email. Sign in with it from now on. Your password didn't change."
        )
        {
            Facts = ChangedBy(user, change),
            Link = new("Open AdminConsole", MailLinks.Overview),
            Note = "If you don't have an account there, contact the administrator. The address may be mistyped.",
        };

    public static EmailMessage NewDevice(AppUser user, ChangeContext change, string secret, DateTimeOffset until) =>
        new(
            NewDeviceKind,
            "New sign-in to your account",
            $"Hello {user.DisplayName},",
            "Someone signed in to your account from a browser you haven't used before. If it was you, there's nothing to do."
        )
        {
            Facts = Where(change),
            Link = new("This wasn't me", MailLinks.ReportSignIn, ("token", secret)),
            Note =
                "The link asks before it locks your account. Locking signs you out everywhere, revokes your tokens and blocks sign-in "
                + $"until an administrator reactivates your account. The link works once, until {Time(until)}.",
        };

    public static EmailMessage ProviderLinked(AppUser user, ChangeContext change, string provider) =>
        new(
            "provider-linked",
            "A way to sign in was added to your account",
            $"Hello {user.DisplayName},",
            $"Your account can now be signed in to with {provider}. If it was you, there's nothing to do."
        )
        {
            Facts = Where(change),
            Link = new("View your sign-in methods", MailLinks.Security),
            Note = "If it wasn't you, unlink it, set a new password and contact your administrator.",
        };

    public static EmailMessage ProviderReplaces(AppUser user, ChangeContext change, string provider) =>
        ProviderLinked(user, change, provider) with
        {
            Note =
                $"{provider} is now the only way to sign in. Your password was removed, and your other sessions, devices and access "
                + "tokens were ended. If it wasn't you, contact your administrator.",
        };

    public static EmailMessage TokenCreated(PersonalAccessToken token, ChangeContext change) =>
        new(
            "token-created",
            $"A token was created: {token.Name}",
            "A personal access token was created for your account. If it was you, there's nothing to do."
        )
        {
            Facts = [.. Of(token), ("Scopes", string.Join(", ", token.Scopes)), .. Where(change)],
            Link = new("View your tokens", MailLinks.OwnTokens),
            Note = "If it wasn't you, revoke it and set a new password.",
        };

    public static EmailMessage TokenExpiring(PersonalAccessToken token, int days) =>
        new(
            "token-expiring",
            $"A token expires {(days == 1 ? "within a day" : $"within {days} days")}: {token.Name}",
            "One of your personal access tokens expires soon. Anything using it stops working then. "
                + "Rotate it and use the new token before that."
        )
        {
            Facts = Of(token),
            Link = new("Rotate token", MailLinks.OwnTokens),
            ValidUntil = token.ExpiresAt,
        };

    public static EmailMessage TokenReused(PersonalAccessToken token, ChangeContext change, bool lineageEnded) =>
        new(
            "token-reused",
            $"A replaced token was used: {token.Name}",
            lineageEnded
                ? "A replaced token was used to get a new one. Someone may have a copy, so this token and all its successors were revoked."
                : "A replaced token was used again and refused. Either a program still has the old token, or someone has a copy of it."
        )
        {
            Facts = [.. Of(token), .. Where(change)],
            Link = new("View your tokens", MailLinks.OwnTokens),
            Note = lineageEnded
                ? "Anything using it has stopped working. Create a new token for it."
                : "You get this email at most once a day.",
        };

    public static EmailMessage TokenRevoked(PersonalAccessToken token, ChangeContext change) =>
        new(
            "token-revoked",
            $"A token was revoked: {token.Name}",
            "Someone who has this token presented it to be revoked. It was revoked, and programs that use it have stopped working."
        )
        {
            Facts = [.. Of(token), .. Where(change)],
            Link = new("View your tokens", MailLinks.OwnTokens),
            Note =
                "If you or your program didn't do this, someone else has a copy of the token. Find out where it leaked before "
                + "you create a new one.",
        };

    public static EmailMessage DeviceReused(ConnectedDevice device, ChangeContext change) =>
        new(
            "device-reused",
            $"A device was signed out: {device.Name}",
            "A connected device used a refresh token twice. "
                + "The device was restored from a copy, or someone has a copy of it. It was signed out and its tokens were revoked."
        )
        {
            Facts = [("Device", $"{device.Name} ({device.ClientId})"), ("Connected", Time(device.CreatedAt)), .. Where(change)],
            Link = new("View your devices and sessions", MailLinks.OwnSessions),
            Note =
                "If the device is yours, sign in on it again. If you can't explain the copy, set a new password too. "
                + "This signs you out everywhere.",
        };

    public static EmailMessage LockedDown(AppUser user, ChangeContext change, string? by) =>
        new(
            "lockdown",
            "Your account was locked down",
            $"Hello {user.DisplayName},",
            by is null ? "You reported a sign-in that wasn't yours, so your account was locked." : $"{by} locked your account.",
            "You're signed out everywhere, your tokens are revoked and sign-in is blocked until an administrator reactivates your account."
        )
        {
            Facts = [("When", Time(change.At))],
        };

    public static EmailMessage Test(string by) =>
        new("test", "Test email from AdminConsole", $"{by} sent this email to test email delivery. It works.")
        {
            Link = new("Open the console", MailLinks.Overview),
        };

    private static (string, string?)[] Where(ChangeContext change) =>
        [("When", Time(change.At)), ("IP address", change.Actor.Ip), ("Browser", change.Actor.UserAgent)];

    // An administrator's IP address isn't disclosed to users.
    private static (string, string?)[] ChangedBy(AppUser user, ChangeContext change) =>
        change.Actor.UserId == user.Id
            ? [("Changed by", "Your own account"), .. Where(change)]
            : [("Changed by", change.Actor.Name), ("When", Time(change.At))];

    private static (string, string?)[] Of(PersonalAccessToken token) =>
        [("Token", $"{token.Name} ({token.Prefix}…)"), ("Expires", token.ExpiresAt is { } end ? Time(end) : "never")];

    private static string Time(DateTimeOffset time) =>
        time.ToUniversalTime().ToString("d MMMM yyyy, HH:mm 'UTC'", CultureInfo.InvariantCulture);
}
