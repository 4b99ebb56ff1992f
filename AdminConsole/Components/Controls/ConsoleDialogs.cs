using Microsoft.AspNetCore.Components;
using MudBlazor;

namespace AdminConsole.Components.Controls;

/// <summary>Opens the console's dialogs, in three sizes.</summary>
public sealed class ConsoleDialogs(IDialogService dialogs)
{
    /// <summary>For questions: 440 pixels wide.</summary>
    public static readonly DialogOptions Small = new() { MaxWidth = MaxWidth.ExtraSmall, FullWidth = true };

    /// <summary>For forms: 560 pixels wide.</summary>
    public static readonly DialogOptions Medium = new() { MaxWidth = MaxWidth.Small, FullWidth = true };

    /// <summary>For lists: 720 pixels wide.</summary>
    public static readonly DialogOptions Large = new() { MaxWidth = MaxWidth.Medium, FullWidth = true };

    /// <summary>Closes only by its own buttons, so that a stray key or click loses nothing.</summary>
    public static readonly DialogOptions Modal = Medium with { CloseOnEscapeKey = false, BackdropClick = false, CloseButton = false };

    /// <summary>Returns the result of the dialog; null if it was canceled.</summary>
    public async Task<object?> ShowAsync<TDialog>(string title, DialogParameters? parameters = null, DialogOptions? options = null)
        where TDialog : IComponent
    {
        var dialog = await dialogs.ShowAsync<TDialog>(title, parameters ?? [], options ?? Small);
        return await dialog.Result is { Canceled: false } result ? result.Data : null;
    }

    /// <summary>Asks a yes-or-no question. Returns true if the user confirms.</summary>
    public async Task<bool> ConfirmAsync(Question question) =>
        await ShowAsync<ConfirmDialog>(question.Title, new DialogParameters<ConfirmDialog> { { dialog => dialog.Question, question } })
            is true;
}
