using System.ComponentModel.DataAnnotations;
using System.Reflection;
using AdminConsole.Core.Contracts;

namespace AdminConsole.Components.Pages.Settings;

/// <summary>Describes a setting for display: its section, label, hint, unit, limits and default.</summary>
/// <param name="Section">One of <see cref="SettingSections"/>.</param>
/// <param name="Name">The name in the API.</param>
/// <param name="Label">A noun phrase.</param>
/// <param name="Hint">The effect of the setting, in one or two short sentences.</param>
/// <param name="Unit">The unit of the number; null for a switch, or if the label says it.</param>
/// <param name="Get">Returns the value; 1 or 0 for a switch.</param>
/// <param name="With">Returns the settings with another value.</param>
public sealed record SettingInfo(
    string Section,
    string Name,
    string Label,
    string Hint,
    string? Unit,
    Func<SystemSettings, int> Get,
    Func<SystemSettings, int, SystemSettings> With
)
{
    public static readonly IReadOnlyList<SettingInfo> All =
    [
        new(
            SettingSections.Passwords,
            "passwordMinimumLength",
            "Minimum password length",
            "Applies to new passwords only.",
            "characters",
            settings => settings.PasswordMinimumLength,
            (settings, value) => settings with { PasswordMinimumLength = value }
        ),
        new(
            SettingSections.Passwords,
            "passwordResetMinutes",
            "Reset link lifetime",
            "Starts when the link is created.",
            "minutes",
            settings => settings.PasswordResetMinutes,
            (settings, value) => settings with { PasswordResetMinutes = value }
        ),
        new(
            SettingSections.Sessions,
            "sessionSlidingHours",
            "Idle session timeout",
            "For sign-ins without “Stay signed in”.",
            "hours",
            settings => settings.SessionSlidingHours,
            (settings, value) => settings with { SessionSlidingHours = value }
        ),
        new(
            SettingSections.Sessions,
            "sessionRememberedDays",
            "“Stay signed in” duration",
            "Starts at sign-in. The session ends then even if it's in use.",
            "days",
            settings => settings.SessionRememberedDays,
            (settings, value) => settings with { SessionRememberedDays = value }
        ),
        new(
            SettingSections.Sessions,
            "freshSignInMinutes",
            "Re-authentication interval",
            "Sensitive changes ask for the password again after this time.",
            "minutes",
            settings => settings.FreshSignInMinutes,
            (settings, value) => settings with { FreshSignInMinutes = value }
        ),
        new(
            SettingSections.Lockout,
            "lockoutFailures",
            "Failed attempts before lockout",
            "Blocks new sign-ins. Open sessions keep working.",
            "attempts",
            settings => settings.LockoutFailures,
            (settings, value) => settings with { LockoutFailures = value }
        ),
        new(
            SettingSections.Lockout,
            "lockoutWindowMinutes",
            "Counting window",
            "Failed attempts within this time count together.",
            "minutes",
            settings => settings.LockoutWindowMinutes,
            (settings, value) => settings with { LockoutWindowMinutes = value }
        ),
        new(
            SettingSections.Lockout,
            "lockoutMinutes",
            "Lockout duration",
            "An administrator can unlock the account earlier.",
            "minutes",
            settings => settings.LockoutMinutes,
            (settings, value) => settings with { LockoutMinutes = value }
        ),
        new(
            SettingSections.TwoFactor,
            "secondFactorGraceDays",
            "Grace period",
            "Starts when a role is added below. 0 requires 2FA at once.",
            "days",
            settings => settings.SecondFactorGraceDays,
            (settings, value) => settings with { SecondFactorGraceDays = value }
        ),
        new(
            SettingSections.Tokens,
            "tokenDefaultDays",
            "Default token lifetime",
            "Used if the owner doesn't choose one.",
            "days",
            settings => settings.TokenDefaultDays,
            (settings, value) => settings with { TokenDefaultDays = value }
        ),
        new(
            SettingSections.Tokens,
            "tokenMaximumDays",
            "Maximum token lifetime",
            "Applies to new and rotated tokens. Existing tokens keep their expiry.",
            "days",
            settings => settings.TokenMaximumDays,
            (settings, value) => settings with { TokenMaximumDays = value }
        ),
        new(
            SettingSections.Tokens,
            "tokensMayLiveForEver",
            "Allow tokens without expiry",
            "If turned off, existing tokens without expiry keep working.",
            null,
            settings => settings.TokensMayLiveForEver ? 1 : 0,
            (settings, value) => settings with { TokensMayLiveForEver = value == 1 }
        )
        {
            IsSwitch = true,
        },
        new(
            SettingSections.Devices,
            "deviceSlidingDays",
            "Idle device timeout",
            "Signs a device out if it hasn't connected for this time.",
            "days",
            settings => settings.DeviceSlidingDays,
            (settings, value) => settings with { DeviceSlidingDays = value }
        ),
        new(
            SettingSections.Devices,
            "deviceMaximumDays",
            "Maximum device lifetime",
            "Applies to newly authorized devices only.",
            "days",
            settings => settings.DeviceMaximumDays,
            (settings, value) => settings with { DeviceMaximumDays = value }
        ),
        new(
            SettingSections.Devices,
            "refreshLeewaySeconds",
            "Refresh token reuse grace period",
            "Reusing a refresh token after this time counts as theft and signs the device out.",
            "seconds",
            settings => settings.RefreshLeewaySeconds,
            (settings, value) => settings with { RefreshLeewaySeconds = value }
        ),
        new(
            SettingSections.Audit,
            "auditRetentionDays",
            "Audit log retention",
            "0 keeps events forever, otherwise at least 30. Older events are deleted permanently. The rest can still be verified.",
            "days",
            settings => settings.AuditRetentionDays,
            (settings, value) => settings with { AuditRetentionDays = value }
        ),
    ];

    private static readonly SystemSettings Defaults = new();

    private readonly RangeAttribute? limit = typeof(SystemSettings)
        .GetProperty(Name, BindingFlags.IgnoreCase | BindingFlags.Instance | BindingFlags.Public)
        ?.GetCustomAttribute<RangeAttribute>();

    /// <summary>True for a setting that is on (1) or off (0).</summary>
    public bool IsSwitch { get; init; }

    public int Default => Get(Defaults);

    public string DefaultText =>
        IsSwitch
            ? Default == 1
                ? "on"
                : "off"
            : $"{Default}";

    public int Minimum => limit?.Minimum is int least ? least : 0;

    public int Maximum => limit?.Maximum is int most ? most : 1;
}
