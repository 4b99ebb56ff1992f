using System.ComponentModel.DataAnnotations;
using AdminConsole.Core.Contracts;

namespace AdminConsole.Components.Pages.Settings;

/// <summary>The unsaved settings. An input that isn't a number is null.</summary>
public sealed class SettingsDraft
{
    private readonly Dictionary<string, int?> values = [];

    /// <summary>The names of the roles that require 2FA.</summary>
    public IReadOnlyList<string> Roles { get; set; } = [];

    /// <summary>The name of the organization; null or blank for none.</summary>
    public string? Organization { get; set; }

    public static SettingsDraft Of(SystemSettings settings)
    {
        var draft = new SettingsDraft { Roles = settings.SecondFactorRoles, Organization = settings.OrganizationName };
        foreach (var setting in SettingInfo.All)
        {
            draft.values[setting.Name] = setting.Get(settings);
        }

        return draft;
    }

    /// <summary>The grace period for newly required 2FA, in days.</summary>
    public int GraceDays => values["secondFactorGraceDays"] ?? 0;

    public int? this[SettingInfo setting]
    {
        get => values[setting.Name];
        set => values[setting.Name] = value;
    }

    /// <summary>Returns the number of values in a section that differ from the settings.</summary>
    public int ChangesIn(string section, SystemSettings settings) =>
        SettingInfo.All.Count(setting => setting.Section == section && this[setting] != setting.Get(settings))
        + (section == SettingSections.General && Given(Organization) != settings.OrganizationName ? 1 : 0)
        + (section == SettingSections.TwoFactor && !Roles.ToHashSet().SetEquals(settings.SecondFactorRoles) ? 1 : 0);

    public int ChangesTo(SystemSettings settings) => SettingSections.All.Sum(section => ChangesIn(section.Key, settings));

    /// <summary>Returns why a value can't be saved; null if it can.</summary>
    public string? Problem(SettingInfo setting)
    {
        if (this[setting] is not { } value || value < setting.Minimum || value > setting.Maximum)
        {
            return $"Enter a number from {setting.Minimum} to {setting.Maximum}.";
        }

        // The settings check rules that no range can express, such as "0, or at least 30".
        IValidatableObject changed = setting.With(new SystemSettings(), value);
        return changed.Validate(new ValidationContext(changed)).FirstOrDefault()?.ErrorMessage;
    }

    /// <summary>Returns the first setting with an invalid value; null if there is none.</summary>
    public SettingInfo? FirstWrong() => SettingInfo.All.FirstOrDefault(setting => Problem(setting) is not null);

    public SystemSettings ToSettings() =>
        SettingInfo.All.Aggregate(
            new SystemSettings { SecondFactorRoles = Roles, OrganizationName = Given(Organization) },
            (settings, setting) => setting.With(settings, this[setting] ?? setting.Default)
        );

    private static string? Given(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
