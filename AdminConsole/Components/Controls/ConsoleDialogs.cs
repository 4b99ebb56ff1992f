using Microsoft.AspNetCore.Components;
using MudBlazor;

namespace AdminConsole.Components.Controls;

/// <summary>Opens the dialogs of the console, in its three sizes.</summary>
public sealed class ConsoleDialogs(IDialogService dialogs)
{
    /// <summary>440 pixels, for a question.</summary>
    public static readonly DialogOptions Small = new() { MaxWidth = MaxWidth.ExtraSmall, FullWidth = true };

    /// <summary>560 pixels, for a form.</summary>
    public static readonly DialogOptions Medium = new() { MaxWidth = MaxWidth.Small, FullWidth = true };

    /// <summary>720 pixels, for a list.</summary>
    public static readonly DialogOptions Large = new() { MaxWidth = MaxWidth.Medium, FullWidth = true };

    /// <summary>Closed by its own buttons only, for what would be lost by a stray key or click.</summary>
    public static readonly DialogOptions Modal = Medium with { CloseOnEscapeKey = false, BackdropClick = false, CloseButton = false };

    /// <summary>What the dialog was closed with; null if it was cancelled.</summary>
    public async Task<object?> ShowAsync<TDialog>(string title, DialogParameters? parameters = null, DialogOptions? options = null)
        where TDialog : IComponent
    {
        var dialog = await dialogs.ShowAsync<TDialog>(title, parameters ?? [], options ?? Small);
        return await dialog.Result is { Canceled: false } result ? result.Data : null;
    }

    /// <summary>Asks a yes-or-no question.</summary>
    public async Task<bool> ConfirmAsync(Question question) =>
        await ShowAsync<ConfirmDialog>(question.Title, new DialogParameters<ConfirmDialog> { { dialog => dialog.Question, question } })
            is true;
}
