using AdminConsole.Core.Contracts;
using AdminConsole.Core.Security;
using Radzen;

namespace AdminConsole.Components.Pages.Audit;

/// <summary>What opens beside or above the audit table.</summary>
public sealed class EventPanels(DialogService dialogs)
{
    /// <summary>Shows an event until the panel is closed, or shows another.</summary>
    public async Task OpenAsync(AuditEntry entry, Actor actor) => await dialogs.OpenSideAsync<EventPanel>(
        $"Event {entry.Id}", new Dictionary<string, object?> { [nameof(EventPanel.Entry)] = entry, [nameof(EventPanel.Actor)] = actor },
        new SideDialogOptions { Width = "min(34rem, 100vw)", ShowMask = false });

    public Task CloseAsync() => dialogs.CloseSideAsync();

    /// <summary>The viewer's saved views, and the present filters as one more.</summary>
    public async Task OpenViewsAsync(AuditQuery query) => await dialogs.OpenAsync<SavedViewsDialog>(
        "Saved views", new Dictionary<string, object?> { [nameof(SavedViewsDialog.Query)] = query }, new DialogOptions { Width = "32rem", CloseDialogOnEsc = true });
}
