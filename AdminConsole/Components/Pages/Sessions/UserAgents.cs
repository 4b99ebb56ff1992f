using MudBlazor;

namespace AdminConsole.Components.Pages.Sessions;

/// <summary>Describes a user agent by its browser and operating system; pages also show the full text.</summary>
internal static class UserAgents
{
    private static readonly (string Mark, string Name)[] Browsers =
    [
        ("Edg/", "Edge"),
        ("OPR/", "Opera"),
        ("Firefox/", "Firefox"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
        ("curl/", "curl"),
    ];

    private static readonly (string Mark, string Name)[] Systems =
    [
        ("Windows", "Windows"),
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Mac OS", "macOS"),
        ("Linux", "Linux"),
    ];

    public static string Describe(string? userAgent) =>
        (Find(Browsers, userAgent), Find(Systems, userAgent)) switch
        {
            ({ } browser, { } system) => $"{browser} on {system}",
            ({ } browser, null) => browser,
            (null, { } system) => system,
            _ => "Unknown program",
        };

    /// <summary>Returns the icon for the kind of device.</summary>
    public static string IconOf(string? userAgent) =>
        Find(Systems, userAgent) switch
        {
            "Android" or "iPhone" => Icons.Material.Rounded.Smartphone,
            "iPad" => Icons.Material.Rounded.TabletMac,
            "macOS" => Icons.Material.Rounded.LaptopMac,
            "Windows" => Icons.Material.Rounded.LaptopWindows,
            { } => Icons.Material.Rounded.Computer,
            null => Icons.Material.Rounded.Terminal,
        };

    private static string? Find((string Mark, string Name)[] known, string? userAgent) =>
        known.FirstOrDefault(entry => userAgent?.Contains(entry.Mark, StringComparison.Ordinal) == true).Name;
}
