using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Security;
using MudBlazor;

namespace AdminConsole.Components.Controls;

/// <summary>
/// Runs an operation for a page and reports its outcome. Where the sign-in is too old for it, asks for the password in
/// place and
/// runs it again.
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

    /// <summary>The result, after a notice about it.</summary>
    /// <param name="operation">What to run; may run twice.</param>
    /// <param name="done">The notice of a success; left out where the page shows it anyway.</param>
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

    /// <summary>The same without a notice, for forms that show the refusal themselves.</summary>
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

    /// <summary>The notice about a bulk operation: how many it was applied to, and the first reason why others were
    /// skipped.</summary>
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
