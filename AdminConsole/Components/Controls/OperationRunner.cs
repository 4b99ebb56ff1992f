using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Security;
using MudBlazor;

namespace AdminConsole.Components.Controls;

/// <summary>
/// Runs the operations of a page and reports their outcome. If an operation requires a recent sign-in, asks for the
/// password in a dialog and runs the operation again.
/// </summary>
public sealed class OperationRunner(ConsoleDialogs dialogs, ISnackbar snackbar)
{
    private const int NoticeMilliseconds = 6000;
    private const int UndoMilliseconds = 8000;

    private int running;

    /// <summary>Raised when the first operation begins and when the last one ends.</summary>
    public event Action? RunningChanged;

    /// <summary>True while an operation runs.</summary>
    public bool IsRunning => running > 0;

    /// <summary>Runs an operation, shows a notice about the outcome and returns the result.</summary>
    /// <param name="operation">The operation; may run twice.</param>
    /// <param name="done">The notice of success; null if the page already shows it.</param>
    /// <param name="undo">Reverses the operation; offered with the notice for eight seconds.</param>
    public async Task<Result<T>> TryAsync<T>(Func<Task<Result<T>>> operation, string? done = null, Func<Task>? undo = null)
    {
        var result = await AskAsync(operation);
        if (result.Refusal is { } refusal)
        {
            Notify(Severity.Error, refusal.Message);
        }
        else if (done is not null)
        {
            Notify(Severity.Success, done, undo);
        }

        return result;
    }

    /// <summary>Runs an operation without a notice, for forms that show the refusal themselves.</summary>
    public async Task<Result<T>> AskAsync<T>(Func<Task<Result<T>>> operation)
    {
        var result = await RunAsync(operation);
        return result.Refusal == Refusals.FreshSignInRequired && await ConfirmIdentityAsync() ? await RunAsync(operation) : result;
    }

    /// <summary>Shows a notice. Errors stay until they are closed.</summary>
    public void Notify(Severity severity, string text, Func<Task>? undo = null) =>
        snackbar.Add(
            text,
            severity,
            options =>
            {
                options.RequireInteraction = severity == Severity.Error;
                options.VisibleStateDuration = undo is null ? NoticeMilliseconds : UndoMilliseconds;
                if (undo is not null)
                {
                    options.Action = "Undo";
                    options.OnClick = _ => undo();
                }
            }
        );

    /// <summary>Shows the outcome of a bulk operation: the number of applied items, the number of skipped ones, and the
    /// first reason.</summary>
    public void Report(string verb, BulkResult result)
    {
        var rest = result.Refused is [var first, ..] ? $" {result.Refused.Count} skipped: {first.Message}" : "";
        Notify(rest.Length == 0 ? Severity.Success : Severity.Warning, $"{verb} {result.Applied.Count}.{rest}");
    }

    private async Task<Result<T>> RunAsync<T>(Func<Task<Result<T>>> operation)
    {
        Count(1);
        try
        {
            return await operation();
        }
        finally
        {
            Count(-1);
        }
    }

    private void Count(int change)
    {
        var wasRunning = IsRunning;
        running += change;
        if (wasRunning != IsRunning)
        {
            RunningChanged?.Invoke();
        }
    }

    private async Task<bool> ConfirmIdentityAsync() => await dialogs.ShowAsync<ReauthenticateDialog>("Confirm it's you") is true;
}
