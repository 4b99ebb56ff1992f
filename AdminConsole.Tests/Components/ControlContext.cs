using System.Runtime.CompilerServices;
using AdminConsole.Components.Controls;
using Bunit;
using Microsoft.AspNetCore.Components;
using MudBlazor;
using MudBlazor.Services;

namespace AdminConsole.Tests.Components;

/// <summary>MudBlazor's services and the providers of the layout.</summary>
public abstract class ControlContext : BunitContext
{
    private IRenderedComponent<MudDialogProvider>? dialogs;
    private IRenderedComponent<MudSnackbarProvider>? snackbars;

    // Waits long for conditions, because the machine may be busy.
    [ModuleInitializer]
    internal static void WaitLong() => DefaultWaitTimeout = TimeSpan.FromSeconds(60);

    protected ControlContext()
    {
        JSInterop.Mode = JSRuntimeMode.Loose;
        Services.AddMudServices();
        Services.AddSingleton(TimeProvider.System);
        Services.AddScoped<ConsoleDialogs>();
        Services.AddScoped<OperationRunner>();
    }

    /// <summary>The dialog provider.</summary>
    protected IRenderedComponent<MudDialogProvider> Dialogs => dialogs ??= Render<MudDialogProvider>();

    /// <summary>The snackbar provider.</summary>
    protected IRenderedComponent<MudSnackbarProvider> Snackbars => snackbars ??= Render<MudSnackbarProvider>();

    protected OperationRunner Operations => Services.GetRequiredService<OperationRunner>();

    /// <summary>Opens a dialog. The inner task completes when it is closed.</summary>
    protected async Task<Task<object?>> OpenAsync<TDialog>(string title, DialogParameters? parameters = null)
        where TDialog : IComponent
    {
        Task<object?>? closed = null;
        await Dialogs.InvokeAsync(() =>
        {
            closed = Services.GetRequiredService<ConsoleDialogs>().ShowAsync<TDialog>(title, parameters);
        });
        Dialogs.WaitForElement("[data-dialog-title]");
        return closed!;
    }
}
