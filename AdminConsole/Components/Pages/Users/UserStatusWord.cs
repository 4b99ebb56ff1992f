using System.Globalization;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Users;
using MudBlazor;

namespace AdminConsole.Components.Pages.Users;

/// <summary>How people see the statuses of users: one word, icon and tone for each, in the table, the panel and the filter.</summary>
public static class UserStatusWord
{
    private static readonly Dictionary<string, (string Word, string Icon, string Tone)> Words = new(StringComparer.Ordinal)
    {
        [UserStatuses.Active] = ("Active", Icons.Material.Rounded.CheckCircle, "good"),
        [UserStatuses.Invited] = ("Invited", Icons.Material.Rounded.ForwardToInbox, "info"),
        [UserStatuses.NoPassword] = ("No password", Icons.Material.Rounded.KeyOff, "info"),
        [UserStatuses.PasswordChange] = ("Password change required", Icons.Material.Rounded.Password, "due"),
        [UserStatuses.Locked] = ("Locked", Icons.Material.Rounded.Lock, "bad"),
        [UserStatuses.Deactivated] = ("Deactivated", Icons.Material.Rounded.DoNotDisturbOn, "off"),
    };

    /// <summary>Every status with its word, for the filter.</summary>
    public static IEnumerable<(string Name, string Word)> All => UserStatuses.All.Select(name => (name, Words[name].Word));

    /// <summary>The icon of a user's status.</summary>
    public static string IconOf(UserDetails user) => IsDuplicate(user) ? Icons.Material.Rounded.Error : Words[UserStatuses.Of(user)].Icon;

    /// <summary><c>good</c>, <c>info</c>, <c>due</c>, <c>bad</c> or <c>off</c>.</summary>
    public static string ToneOf(UserDetails user) => IsDuplicate(user) ? "bad" : Words[UserStatuses.Of(user)].Tone;

    /// <summary>The status in words, with the time at which it ends by itself.</summary>
    public static string Of(UserDetails user) =>
        IsDuplicate(user) ? "Duplicate name"
        : user is { Active: false, DeactivatedUntil: { } end } ? $"Deactivated until {Day(end)}"
        : user is { Active: true, LockedOutUntil: { } until }
            ? until == DateTimeOffset.MaxValue ? "Locked" : $"Locked until {until.ToString("HH:mm", CultureInfo.InvariantCulture)} UTC"
        : Words[UserStatuses.Of(user)].Word;

    /// <summary>What else there is to say about the status; null where nothing is.</summary>
    public static string? NoteOf(UserDetails user) =>
        IsDuplicate(user) ? "Another account has the same email or username in another spelling."
        : !user.Active ? user.DeactivatedReason
        : user.InvitedUntil is { } until ? $"The invitation is valid until {Day(until)}."
        : null;

    private static bool IsDuplicate(UserDetails user) => user.Active && (user.EmailConflict || user.UserNameConflict);

    private static string Day(DateTimeOffset at) => at.ToString("d MMM yyyy", CultureInfo.InvariantCulture);
}
