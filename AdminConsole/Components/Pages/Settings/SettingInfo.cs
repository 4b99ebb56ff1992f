using AdminConsole.Core.Contracts;

namespace AdminConsole.Components.Pages.Settings;

/// <summary>A setting as people see it: under which heading, what it does, and its default.</summary>
public sealed record SettingInfo(string Group, string Name, string Label, string Effect, Func<SystemSettings, int> Get, Func<SystemSettings, int, SystemSettings> With)
{
    public static readonly IReadOnlyList<SettingInfo> All =
    [
        new("Passwords", "passwordMinimumLength", "Shortest password, in characters", "Asked of new passwords; those in use stay.",
            settings => settings.PasswordMinimumLength, (settings, value) => settings with { PasswordMinimumLength = value }),
        new("Passwords", "passwordResetMinutes", "Reset links work for, in minutes", "Counted from when the link is made.",
            settings => settings.PasswordResetMinutes, (settings, value) => settings with { PasswordResetMinutes = value }),
        new("Sessions", "sessionSlidingHours", "A session ends unused after, in hours", "For sign-ins without \"stay signed in\".",
            settings => settings.SessionSlidingHours, (settings, value) => settings with { SessionSlidingHours = value }),
        new("Sessions", "sessionRememberedDays", "A remembered session ends after, in days", "Counted from the sign-in, used or not.",
            settings => settings.SessionRememberedDays, (settings, value) => settings with { SessionRememberedDays = value }),
        new("Sessions", "freshSignInMinutes", "Sensitive acts need a sign-in from the last, in minutes", "Older ones are asked for the password again.",
            settings => settings.FreshSignInMinutes, (settings, value) => settings with { FreshSignInMinutes = value }),
        new("Lockout", "lockoutFailures", "Failed sign-ins that lock an account", "For signing in only; open sessions work on.",
            settings => settings.LockoutFailures, (settings, value) => settings with { LockoutFailures = value }),
        new("Lockout", "lockoutWindowMinutes", "They count together within, in minutes", "Older ones are forgotten.",
            settings => settings.LockoutWindowMinutes, (settings, value) => settings with { LockoutWindowMinutes = value }),
        new("Lockout", "lockoutMinutes", "The account is locked for, in minutes", "An administrator can unlock it before.",
            settings => settings.LockoutMinutes, (settings, value) => settings with { LockoutMinutes = value }),
        new("Tokens", "tokenDefaultDays", "A token expires after, in days, unless its owner chooses", "Asked of new tokens.",
            settings => settings.TokenDefaultDays, (settings, value) => settings with { TokenDefaultDays = value }),
        new("Tokens", "tokenMaximumDays", "A token lives at most, in days", "Asked of new tokens, and when one is rotated; those in use stay.",
            settings => settings.TokenMaximumDays, (settings, value) => settings with { TokenMaximumDays = value }),
        new("Tokens", "tokensMayLiveForEver", "Tokens may live for ever", "Where they may, owners can choose never to renew one; those in use stay.",
            settings => settings.TokensMayLiveForEver ? 1 : 0, (settings, value) => settings with { TokensMayLiveForEver = value == 1 }) { IsSwitch = true },
        new("Devices", "deviceSlidingDays", "A connected device is signed out unused after, in days", "Counted from when it last asked for an access token.",
            settings => settings.DeviceSlidingDays, (settings, value) => settings with { DeviceSlidingDays = value }),
        new("Devices", "deviceMaximumDays", "A connected device is signed out after, in days, used or not", "Asked when one is connected; those in use stay.",
            settings => settings.DeviceMaximumDays, (settings, value) => settings with { DeviceMaximumDays = value }),
        new("Devices", "refreshLeewaySeconds", "A spent refresh token gets the same answer again for, in seconds", "For programs that lost the first one; later it counts as stolen, and its device is signed out.",
            settings => settings.RefreshLeewaySeconds, (settings, value) => settings with { RefreshLeewaySeconds = value }),
        new("Two-factor authentication", "secondFactorGraceDays", "Grace period for newly required 2FA (days)", "Counted from when a role is added below. 0 requires it at once.",
            settings => settings.SecondFactorGraceDays, (settings, value) => settings with { SecondFactorGraceDays = value }),
        new("Audit", "auditRetentionDays", "Audit events are kept for, in days", "0 keeps them all; else 30 at least. Older ones are cut for good, and what remains still verifies.",
            settings => settings.AuditRetentionDays, (settings, value) => settings with { AuditRetentionDays = value }),
    ];

    /// <summary>True where it is yes (1) or no (0).</summary>
    public bool IsSwitch { get; init; }

    public string Hint => $"{Effect} Default: {(IsSwitch ? Get(new SystemSettings()) == 1 ? "yes" : "no" : Get(new SystemSettings()))}.";
}
