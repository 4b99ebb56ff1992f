using AdminConsole.Core.Contracts;
using Microsoft.AspNetCore.Components;

namespace AdminConsole.Components.Pages.Users;

/// <summary>
/// The icons of the users table. Their paths are sent once as SVG symbols that the rows refer to, which saves an open
/// page many kilobytes.
/// </summary>
public static class UserSymbols
{
    private static readonly List<string> Icons =
    [
        .. UserStatusDisplay.Icons.Union([
            MudBlazor.Icons.Material.Rounded.GppGood,
            MudBlazor.Icons.Material.Rounded.GppMaybe,
            MudBlazor.Icons.Material.Rounded.MoreVert,
        ]),
    ];

    private static readonly Dictionary<string, MarkupString> Uses = Icons
        .Select((icon, index) => (icon, index))
        .ToDictionary(
            pair => pair.icon,
            pair => new MarkupString($"<svg class=\"icon\" aria-hidden=\"true\" focusable=\"false\"><use href=\"#s{pair.index}\"/></svg>"),
            StringComparer.Ordinal
        );

    private static readonly MarkupString MfaOn = MfaStatus("good", MudBlazor.Icons.Material.Rounded.GppGood, "On");
    private static readonly MarkupString MfaOff = MfaStatus("off", MudBlazor.Icons.Material.Rounded.GppMaybe, "Off");

    /// <summary>The SVG symbols, rendered once in a hidden element of the page.</summary>
    public static MarkupString Sheet { get; } =
        new(string.Concat(Icons.Select((paths, index) => $"<symbol id=\"s{index}\" viewBox=\"0 0 24 24\">{paths}</symbol>")));

    /// <summary>The icon of the button that opens a row's menu.</summary>
    public static MarkupString Menu => Uses[MudBlazor.Icons.Material.Rounded.MoreVert];

    /// <summary>Returns the icon and the text of a user's status. Needs no encoding, because neither contains user
    /// input.</summary>
    public static MarkupString Status(UserDetails user) =>
        new($"{Uses[UserStatusDisplay.IconOf(user)]}<span>{UserStatusDisplay.Of(user)}</span>");

    /// <summary>Returns the icon and the text for whether two-factor authentication is on.</summary>
    public static MarkupString Mfa(bool isOn) => isOn ? MfaOn : MfaOff;

    private static MarkupString MfaStatus(string tone, string icon, string text) =>
        new($"<span class=\"status\" data-tone=\"{tone}\">{Uses[icon]}{text}</span>");
}
