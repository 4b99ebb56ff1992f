using System.Globalization;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Users;

namespace AdminConsole.Components.Pages.Users;

/// <summary>How people see the statuses of users: one icon and tone for each, in the table, the panel and the
/// filter.</summary>
public static class UserStatusWord
{
    private static readonly Dictionary<string, (string Icon, string Tone)> Looks = new(StringComparer.Ordinal)
    {
        [UserStatuses.Active] = (MudBlazor.Icons.Material.Rounded.CheckCircle, "good"),
        [UserStatuses.Invited] = (MudBlazor.Icons.Material.Rounded.ForwardToInbox, "info"),
        [UserStatuses.NoPassword] = (MudBlazor.Icons.Material.Rounded.KeyOff, "info"),
        [UserStatuses.PasswordChange] = (MudBlazor.Icons.Material.Rounded.Password, "due"),
        [UserStatuses.Locked] = (MudBlazor.Icons.Material.Rounded.Lock, "bad"),
        [UserStatuses.Deactivated] = (MudBlazor.Icons.Material.Rounded.DoNotDisturbOn, "off"),
        [UserStatuses.LockedDown] = (MudBlazor.Icons.Material.Rounded.GppBad, "bad"),
    };

    /// <summary>Every status with its word, for the filter.</summary>
    public static IEnumerable<(string Name, string Word)> All => UserStatuses.Words.Select(status => (status.Key, status.Value));

    /// <summary>The icons of all statuses.</summary>
    public static IEnumerable<string> Icons => [.. Looks.Values.Select(look => look.Icon), MudBlazor.Icons.Material.Rounded.Error];

    /// <summary>The icon of a user's status.</summary>
    public static string IconOf(UserDetails user) =>
        IsDuplicate(user) ? MudBlazor.Icons.Material.Rounded.Error : Looks[UserStatusRules.Of(user)].Icon;

    /// <summary><c>good</c>, <c>info</c>, <c>due</c>, <c>bad</c> or <c>off</c>.</summary>
    public static string ToneOf(UserDetails user) => IsDuplicate(user) ? "bad" : Looks[UserStatusRules.Of(user)].Tone;

    /// <summary>The status in words, with the time at which it ends by itself.</summary>
    public static string Of(UserDetails user) =>
        IsDuplicate(user) ? "Duplicate name"
        : user is { Active: false, LockedDownAt: null, DeactivatedUntil: { } end } ? $"Deactivated until {Day(end)}"
        : user is { Active: true, LockedOutUntil: { } until }
            ? until == DateTimeOffset.MaxValue ? "Locked"
                : $"Locked until {until.ToString("HH:mm", CultureInfo.InvariantCulture)} UTC"
        : UserStatuses.Words[UserStatusRules.Of(user)];

    /// <summary>What else there is to say about the status; null where nothing is.</summary>
    public static string? NoteOf(UserDetails user) =>
        IsDuplicate(user) ? "Another account has the same email or username in another spelling."
        : !user.Active ? user.DeactivatedReason
        : user.InvitedUntil is { } until ? $"The invitation is valid until {Day(until)}."
        : null;

    private static bool IsDuplicate(UserDetails user) => user.Active && (user.EmailConflict || user.UserNameConflict);

    private static string Day(DateTimeOffset at) => at.ToString("d MMM yyyy", CultureInfo.InvariantCulture);
}
