using MudBlazor;

namespace AdminConsole.Components.Pages.Settings;

/// <summary>The sections of the settings, by their names in the URL.</summary>
public static class SettingSections
{
    public const string Mail = "mail";
    public const string General = "general";
    public const string Passwords = "passwords";
    public const string Sessions = "sessions";
    public const string Lockout = "lockout";
    public const string TwoFactor = "2fa";
    public const string Tokens = "tokens";
    public const string Devices = "devices";
    public const string Audit = "audit";

    /// <summary>The identity providers, which have a page of their own and another permission.</summary>
    public const string Providers = "providers";

    public static readonly IReadOnlyList<(string Key, string Title, string Icon)> All =
    [
        (Mail, "Email delivery", Icons.Material.Rounded.Mail),
        (General, "General", Icons.Material.Rounded.Tune),
        (Passwords, "Passwords", Icons.Material.Rounded.Password),
        (TwoFactor, "Two-factor authentication", Icons.Material.Rounded.PhonelinkLock),
        (Sessions, "Sessions", Icons.Material.Rounded.Lan),
        (Lockout, "Account lockout", Icons.Material.Rounded.Lock),
        (Tokens, "Access tokens", Icons.Material.Rounded.Key),
        (Devices, "Devices", Icons.Material.Rounded.Devices),
        (Audit, "Audit log", Icons.Material.Rounded.ReceiptLong),
    ];

    /// <summary>Returns the section that the URL names; the first if it names none or an unknown one.</summary>
    public static (string Key, string Title, string Icon) Of(string? key) => All.FirstOrDefault(section => section.Key == key, All[0]);
}
