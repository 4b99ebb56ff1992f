using System.Globalization;
using AdminConsole.Core.Data;
using AdminConsole.Core.Devices;
using AdminConsole.Core.Tokens;
using AdminConsole.Core.Users;

namespace AdminConsole.Core.Email;

/// <summary>The templates: one for each reason to write to somebody.</summary>
internal static class Letters
{
    private const string Unexpected = "If you did not expect this mail, you can ignore it: nothing happens without the link.";

    private const string NotYou = "If that was not you, tell an administrator at once, and set a new password with \"Forgot password?\" on the sign-in page, which ends every session.";

    /// <summary>The kinds of mail whose link is a secret of the recipient. They are withdrawn from the outbox when the secret ends.</summary>
    public static readonly IReadOnlyList<string> WithSecret = ["invitation", "password-reset", NewDeviceKind];

    public const string NewDeviceKind = "new-device";

    public static Letter Invitation(AppUser user, string invitedBy, string secret, DateTimeOffset until) =>
        new("invitation", "You are invited to AdminConsole", $"Hello {user.DisplayName},", $"{invitedBy} made an account for you. Choose a password and you can sign in as {user.SignInName}.")
        {
            Link = new("Choose a password", MailLinks.Invitation, ("email", user.SignInName), ("token", secret)),
            Note = $"The link works once, until {Time(until)}. {Unexpected}",
            ValidUntil = until,
        };

    public static Letter PasswordReset(AppUser user, string secret, DateTimeOffset until, string? byAdministrator) =>
        new("password-reset", "Set a new password", $"Hello {user.DisplayName},",
            byAdministrator is null ? "Somebody, most likely you, asked to set a new password for this account." : $"{byAdministrator} made you a link to set a new password.")
        {
            Link = new("Set a new password", MailLinks.ResetPassword, ("email", user.SignInName), ("token", secret)),
            Note = $"The link works once, until {Time(until)}. Your present password works on until then. {Unexpected}",
            ValidUntil = until,
        };

    public static Letter PasswordChanged(AppUser user, Change change, string how) =>
        new("password-changed", "Your password was changed", $"Hello {user.DisplayName},", how) { Facts = Where(change), Note = NotYou };

    public static Letter PasswordSet(AppUser user, Change change) =>
        new("password-set", "An administrator set your password", $"Hello {user.DisplayName},", $"{change.Actor.Name} set a password for you. You have to choose your own when you sign in with it. Every session was ended.")
        {
            Facts = [("When", Time(change.At))],
            Note = "If you did not ask for this, ask them.",
        };

    /// <summary>To the old address. It doesn't name the new one, because the old mailbox may belong to another person by now.</summary>
    public static Letter EmailChanged(AppUser user, Change change) =>
        new("email-changed", "The email of your account was changed", $"Hello {user.DisplayName},",
            "Your AdminConsole account now uses a different email. You can't sign in with this address anymore, and it receives no more mail about the account.")
        {
            Facts = ChangedBy(user, change),
            Note = "If you didn't expect this, tell an administrator right away. They can restore your email and sign out everyone who uses the account.",
        };

    /// <summary>To the new address.</summary>
    public static Letter NewEmail(AppUser user, Change change, bool isFirst) =>
        new("new-email", "This is the new email of your account", $"Hello {user.DisplayName},",
            user.PasswordHash is null
                ? "Your AdminConsole account now uses this email."
                : isFirst
                ? "Your AdminConsole account now uses this email. You can sign in with it or with your username. Your password didn't change."
                : "Your AdminConsole account now uses this email. Sign in with it from now on. Your password didn't change.")
        {
            Facts = ChangedBy(user, change),
            Link = new("Open AdminConsole", MailLinks.Overview),
            Note = "If you don't have an account there, tell an administrator. The address may be mistyped.",
        };

    public static Letter NewDevice(AppUser user, Change change, string secret, DateTimeOffset until) =>
        new(NewDeviceKind, "A new browser signed in to your account", $"Hello {user.DisplayName},", "Somebody signed in as you with a browser that you had not used here before. If it was you, there is nothing to do.")
        {
            Facts = Where(change),
            Link = new("This wasn't me", MailLinks.NotMe, ("token", secret)),
            Note = $"The link asks you first, and then locks your account: every session ends, every token stops, nobody can sign in until an administrator lets you back. It works once, until {Time(until)}.",
        };

    public static Letter TokenCreated(PersonalAccessToken token, Change change) =>
        new("token-created", $"A token was created: {token.Name}", "A personal access token was made for your account. If it was you, there is nothing to do.")
        {
            Facts = [.. Of(token), ("Scopes", string.Join(", ", token.Scopes)), .. Where(change)],
            Link = new("Look at your tokens", MailLinks.OwnTokens),
            Note = "If that was not you, revoke it there, and set a new password.",
        };

    public static Letter TokenExpiring(PersonalAccessToken token, int days) =>
        new("token-expiring", $"A token expires {(days == 1 ? "within a day" : $"within {days} days")}: {token.Name}",
            "One of your personal access tokens is about to expire. What uses it stops working then, unless you rotate it before and put the new one in place.")
        {
            Facts = Of(token),
            Link = new("Rotate it", MailLinks.OwnTokens),
            ValidUntil = token.ExpiresAt,
        };

    public static Letter TokenReused(PersonalAccessToken token, Change change, bool lineageEnded) =>
        new("token-reused", $"A replaced token was used: {token.Name}", lineageEnded
            ? "A token that had been rotated out was presented to get a new one. Somebody may have a copy, so this token and every one that came from it were revoked."
            : "A token that had been rotated out was used again, and refused. Either a program was not given the new one, or somebody has a copy of the old one.")
        {
            Facts = [.. Of(token), .. Where(change)],
            Link = new("Look at your tokens", MailLinks.OwnTokens),
            Note = lineageEnded ? "What used it has stopped working; create a new token for it." : "You hear of this once a day at most.",
        };

    public static Letter TokenRevoked(PersonalAccessToken token, Change change) =>
        new("token-revoked", $"A token was revoked: {token.Name}",
            "Someone who has this token presented it to be revoked. It was revoked, and programs that use it have stopped working.")
        {
            Facts = [.. Of(token), .. Where(change)],
            Link = new("Review your tokens", MailLinks.OwnTokens),
            Note = "If you or your program didn't do this, someone else has a copy of the token. Find out where it leaked before you create a new one.",
        };

    public static Letter DeviceReused(ConnectedDevice device, Change change) =>
        new("device-reused", $"A device was signed out: {device.Name}",
            "A connected device presented a refresh token that had been used before. Either it was restored from a copy, or somebody has one, so it was signed out with all its tokens.")
        {
            Facts = [("Device", $"{device.Name} ({device.ClientId})"), ("Connected", Time(device.CreatedAt)), .. Where(change)],
            Link = new("See your devices and sessions", MailLinks.OwnSessions),
            Note = "If the device is yours, sign in on it again. If nothing explains the copy, set a new password too, which ends every session and device.",
        };

    public static Letter LockedDown(AppUser user, Change change, string? by) =>
        new("lockdown", "Your account was locked down", $"Hello {user.DisplayName},",
            by is null ? "You said that a sign-in was not yours, so your account was locked." : $"{by} locked your account.",
            "Every session is ended, every token revoked, and nobody can sign in with it. An administrator can let you back in.")
        { Facts = [("When", Time(change.At))] };

    public static Letter Test(string by) =>
        new("test", "A test from AdminConsole", $"{by} asked for this mail, to see whether mail works. It does.") { Link = new("Open the console", MailLinks.Overview) };

    private static (string, string?)[] Where(Change change) => [("When", Time(change.At)), ("IP address", change.Actor.Ip), ("Browser", change.Actor.UserAgent)];

    // An administrator's IP address isn't disclosed to users.
    private static (string, string?)[] ChangedBy(AppUser user, Change change) => change.Actor.UserId == user.Id
        ? [("Changed by", "Your own account"), .. Where(change)]
        : [("Changed by", change.Actor.Name), ("When", Time(change.At))];

    private static (string, string?)[] Of(PersonalAccessToken token) =>
        [("Token", $"{token.Name} ({token.Prefix}…)"), ("Expires", token.ExpiresAt is { } end ? Time(end) : "never")];

    private static string Time(DateTimeOffset time) => time.ToUniversalTime().ToString("d MMMM yyyy, HH:mm 'UTC'", CultureInfo.InvariantCulture);
}
