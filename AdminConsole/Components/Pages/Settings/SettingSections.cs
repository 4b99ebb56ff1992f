using MudBlazor;

namespace AdminConsole.Components.Pages.Settings;

/// <summary>The sections of the settings, as the address names them.</summary>
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

    /// <summary>The section that an address asks for; the first where it asks for none that there is.</summary>
    public static (string Key, string Title, string Icon) Of(string? key) => All.FirstOrDefault(section => section.Key == key, All[0]);
}
