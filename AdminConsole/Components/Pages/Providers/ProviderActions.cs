using AdminConsole.Authorization;
using AdminConsole.Components.Controls;
using AdminConsole.Components.Pages.Users;
using AdminConsole.Core.Changes;
using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Providers;
using MudBlazor;

namespace AdminConsole.Components.Pages.Providers;

/// <summary>Saves and removes identity providers, and describes them.</summary>
public sealed class ProviderActions(Scoped<IdentityProviders> providers, ConsoleDialogs dialogs, OperationRunner operations)
{
    /// <summary>True for changes of identity providers and of their rules.</summary>
    public static bool Affects(ChangeNotice notice) => notice.Action.StartsWith("directory.", StringComparison.Ordinal);

    /// <summary>Returns why no provider can be added to this many; null if one can.</summary>
    public static string? WhyNotAdded(int count) =>
        count < Limits.Providers ? null : $"You can have at most {Limits.Providers} identity providers. Remove one to add another.";

    /// <summary>Describes who may sign in: "Existing accounts of acme.com".</summary>
    public static string WhoSignsIn(ProviderDetails provider)
    {
        var domains = Listed(provider.AllowedDomains);
        return provider.Admission switch
        {
            Admissions.Domains => $"Existing accounts, invitations and new users of {SourcesOf(provider)}",
            _ when domains.Length == 0 => "Only linked accounts",
            Admissions.Invited => $"Existing accounts and invitations of {domains}",
            _ => $"Existing accounts of {domains}",
        };
    }

    /// <summary>Adds or changes the provider. The form shows a refusal.</summary>
    public async Task<Result<ProviderDetails>> SaveAsync(Guid id, ProviderDraft draft, bool isNew)
    {
        var request = draft.ToRequest(id);
        var saved = await operations.AskAsync(() =>
            providers.RunAsync(
                (all, actor) => isNew ? all.CreateAsync(actor, request, default) : all.UpdateAsync(actor, id, request, default)
            )
        );
        if (saved.Refusal is null)
        {
            operations.Notify(Severity.Success, isNew ? $"{saved.Value.Name} added." : $"{saved.Value.Name} saved.");
        }

        return saved;
    }

    /// <summary>Removes the provider after a question. Returns true if it was removed.</summary>
    public async Task<bool> RemoveAsync(Guid id)
    {
        // Accounts may have been linked since the page was loaded.
        var found = await operations.TryAsync(() => providers.RunAsync((all, actor) => all.FindAsync(actor, id, default)));
        if (found.Refusal is not null)
        {
            return false;
        }

        var (name, users) = (found.Value.Name, found.Value.Users);
        if (
            !await dialogs.ConfirmAsync(
                new Question($"Remove {name}?", WhatRemovalDoes(users), "Remove provider") { TypedConfirmation = users > 0 ? name : null }
            )
        )
        {
            return false;
        }

        var removed = await operations.TryAsync(
            () => providers.RunAsync((all, actor) => all.DeleteAsync(actor, id, default)),
            $"{name} removed."
        );
        return removed.Refusal is null;
    }

    private static string WhatRemovalDoes(int users) =>
        users switch
        {
            0 => "No accounts are linked to it. This can't be undone.",
            1 => "1 account is unlinked, and its sessions started with this provider end now. This can't be undone.",
            _ => $"{users:N0} accounts are unlinked, and their sessions started with this provider end now. This can't be undone.",
        };

    private static string SourcesOf(ProviderDetails provider)
    {
        var domains = Listed(provider.AllowedDomains);
        var groups = provider.AllowedGroups.Count;
        return groups == 0 ? domains
            : domains.Length == 0 ? AccessText.Count(groups, "group")
            : $"{domains} and {AccessText.Count(groups, "group")}";
    }

    // The first two names, and the number of the others.
    private static string Listed(IReadOnlyList<string> names) =>
        names.Count <= 2 ? string.Join(", ", names) : $"{names[0]}, {names[1]} and {names.Count - 2:N0} more";
}
