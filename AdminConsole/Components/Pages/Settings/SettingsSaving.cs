using AdminConsole.Authorization;
using AdminConsole.Components.Controls;
using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Settings;
using MudBlazor;

namespace AdminConsole.Components.Pages.Settings;

/// <summary>Saves the settings, after a question about changes that affect many users or are irreversible.</summary>
public sealed class SettingsSaving(Scoped<SettingsStore> store, ConsoleDialogs dialogs, OperationRunner operations)
{
    /// <summary>Asks for confirmation of such changes. Returns true to proceed.</summary>
    public async Task<bool> ConfirmAsync(SystemSettings before, SystemSettings after)
    {
        var added = after.SecondFactorRoles.Except(before.SecondFactorRoles).ToList();
        return (added.Count == 0 || await ConfirmSecondFactorAsync(added, after.SecondFactorGraceDays))
            && await ConfirmRetentionAsync(before.AuditRetentionDays, after.AuditRetentionDays);
    }

    public async Task<Result<SystemSettings>> SaveAsync(SystemSettings changed)
    {
        var saved = await operations.AskAsync(() => store.RunAsync((settings, actor) => settings.UpdateAsync(actor, changed, default)));
        if (saved.Refusal is null)
        {
            operations.Notify(Severity.Success, "Settings saved.");
        }

        return saved;
    }

    /// <summary>Counts the users that the 2FA requirement would affect. Returns null if the query was
    /// refused.</summary>
    public async Task<SecondFactorImpact?> CountAsync(IReadOnlyList<string> roles)
    {
        var counted = await operations.TryAsync(() => store.RunAsync((settings, actor) => settings.ImpactAsync(actor, roles, default)));
        return counted.Match<SecondFactorImpact?>(impact => impact, _ => null);
    }

    /// <summary>Describes the impact: "9,860 active users with Operator must use 2FA. 312 of them don't have it yet and
    /// must set it up within 7 days."</summary>
    public static string Describe(SecondFactorImpact impact, IReadOnlyList<string> roles, int graceDays)
    {
        var users = impact.Users == 1 ? "1 active user" : $"{impact.Users:N0} active users";
        var until =
            graceDays == 0 ? "before they can continue"
            : graceDays == 1 ? "within 1 day"
            : $"within {graceDays} days";
        var without = impact.WithoutSecondFactor switch
        {
            0 => "All of them already have it.",
            1 => $"1 of them doesn't have it yet and must set it up {until}.",
            var count => $"{count:N0} of them don't have it yet and must set it up {until}.",
        };
        var you = impact.IncludesYou ? " This includes you: set up 2FA or sign in with a passkey." : "";
        return $"{users} with {string.Join(", ", roles)} must use 2FA. {(impact.Users == 0 ? "" : without)}{you}".TrimEnd();
    }

    private async Task<bool> ConfirmSecondFactorAsync(IReadOnlyList<string> added, int graceDays) =>
        await CountAsync(added) is { } impact
        && await dialogs.ConfirmAsync(
            new Question("Require 2FA?", Describe(impact, added, graceDays), "Require 2FA") { IsDestructive = false }
        );

    private async Task<bool> ConfirmRetentionAsync(int before, int after)
    {
        var text = $"Events older than {after} days are deleted permanently, now and every day. This can't be undone.";
        return after == 0
            || (before != 0 && after >= before)
            || await dialogs.ConfirmAsync(new Question("Delete old audit events?", text, "Save and delete"));
    }
}
