using AdminConsole.Core;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Security;
using Radzen;

namespace AdminConsole.Components.Parts;

/// <summary>
/// How a page does something: says afterwards that it happened, or why not; and where the sign-in is too old for it, asks for the
/// password in place and goes on.
/// </summary>
public sealed class Acts(DialogService dialogs, NotificationService notices)
{
    private const double NoticeMilliseconds = 6000;

    /// <summary>The result, after a notice about it. Without <paramref name="done"/>, success speaks for itself on the page.</summary>
    public async Task<Result<T>> TryAsync<T>(Func<Task<Result<T>>> act, string? done = null)
    {
        var result = await AskAsync(act);
        if (result.Refusal is { } refusal)
        {
            Notify(NotificationSeverity.Error, refusal.Message);
        }
        else if (done is not null)
        {
            Notify(NotificationSeverity.Success, done);
        }

        return result;
    }

    /// <summary>The same without a notice, for forms that show the refusal themselves.</summary>
    public async Task<Result<T>> AskAsync<T>(Func<Task<Result<T>>> act)
    {
        var result = await act();
        return result.Refusal == Refusals.FreshSignInRequired && await ConfirmIdentityAsync() ? await act() : result;
    }

    public void Notify(NotificationSeverity severity, string text) =>
        notices.Notify(new NotificationMessage { Severity = severity, Summary = text, Duration = NoticeMilliseconds });

    /// <summary>The notice about something done to many: how many, and the first reason why others were left out.</summary>
    public void Report(string verb, BulkResult result)
    {
        var rest = result.Refused is [var first, ..] ? $" {result.Refused.Count} were not: {first.Message}" : "";
        Notify(rest.Length == 0 ? NotificationSeverity.Success : NotificationSeverity.Warning, $"{verb} {result.Applied.Count}.{rest}");
    }

    private async Task<bool> ConfirmIdentityAsync() =>
        await dialogs.OpenAsync<ReauthenticateDialog>("Confirm that it is you", options: new DialogOptions { Width = "26rem", CloseDialogOnEsc = true }) is true;
}
