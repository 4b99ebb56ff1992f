using System.Globalization;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Users;

namespace AdminConsole.Components.Pages.Users;

/// <summary>The text, icon and tone of each user status, for the table, the panel and the filter.</summary>
public static class UserStatusDisplay
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

    /// <summary>All statuses with their texts, for the filter.</summary>
    public static IEnumerable<(string Name, string Word)> All => UserStatuses.DisplayNames.Select(status => (status.Key, status.Value));

    /// <summary>The icons of all statuses.</summary>
    public static IEnumerable<string> Icons => [.. Looks.Values.Select(look => look.Icon), MudBlazor.Icons.Material.Rounded.Error];

    /// <summary>Returns the icon of a user's status.</summary>
    public static string IconOf(UserDetails user) =>
        IsDuplicate(user) ? MudBlazor.Icons.Material.Rounded.Error : Looks[UserStatusRules.GetStatus(user)].Icon;

    /// <summary>Returns the tone: <c>good</c>, <c>info</c>, <c>due</c>, <c>bad</c> or <c>off</c>.</summary>
    public static string ToneOf(UserDetails user) => IsDuplicate(user) ? "bad" : Looks[UserStatusRules.GetStatus(user)].Tone;

    /// <summary>Returns the text of the status, with the time at which it ends automatically.</summary>
    public static string Of(UserDetails user) =>
        IsDuplicate(user) ? "Duplicate name"
        : user is { Active: false, LockedDownAt: null, DeactivatedUntil: { } end } ? $"Deactivated until {Day(end)}"
        : user is { Active: true, LockedOutUntil: { } until }
            ? until == DateTimeOffset.MaxValue ? "Locked"
                : $"Locked until {until.ToString("HH:mm", CultureInfo.InvariantCulture)} UTC"
        : UserStatuses.DisplayNames[UserStatusRules.GetStatus(user)];

    /// <summary>Returns details about the status; null if there are none.</summary>
    public static string? NoteOf(UserDetails user) =>
        IsDuplicate(user) ? "Another account has the same email or username in another spelling."
        : !user.Active ? user.DeactivatedReason
        : user.InvitedUntil is { } until ? $"The invitation is valid until {Day(until)}."
        : null;

    private static bool IsDuplicate(UserDetails user) => user.Active && (user.EmailConflict || user.UserNameConflict);

    private static string Day(DateTimeOffset at) => at.ToString("d MMM yyyy", CultureInfo.InvariantCulture);
}
