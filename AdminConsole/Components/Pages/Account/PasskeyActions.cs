using AdminConsole.Components.Parts;
using AdminConsole.Core.Passkeys;
using AdminConsole.Security;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;
using Radzen;

namespace AdminConsole.Components.Pages.Account;

/// <summary>What a person does with their own passkeys. The challenge stays in the circuit, and so belongs to this browser.</summary>
public sealed class PasskeyActions(Scoped<OwnPasskeys> passkeys, Scoped<PasskeyCeremony> ceremonies, PasskeyBrowser browser, DialogService dialogs, Acts acts)
{
    private static readonly DialogOptions Narrow = new() { Width = "28rem", CloseDialogOnEsc = true };

    public async Task AddAsync()
    {
        if ((await acts.TryAsync(() => passkeys.RunAsync((own, actor) => own.MayAddAsync(actor, default)))).Refusal is not null)
        {
            return;
        }

        var (asked, challenge) = (await ceremonies.RunAsync((ceremony, actor) => ceremony.AskForNewAsync(browser.Root, actor)), browser.NewChallenge());
        if (await browser.CreateAsync(asked.CreationOptionsJson) is not { } credential)
        {
            return;
        }

        if (await ceremonies.RunAsync((ceremony, actor) => ceremony.VerifyNewAsync(browser.Root, actor, asked.AttestationState!, credential)) is not { } made)
        {
            acts.Notify(NotificationSeverity.Error, "What the browser made is not a passkey for this address.");
        }
        else if (await AskNameAsync("Name your passkey", "This device") is { } name)
        {
            await acts.TryAsync(() => passkeys.RunAsync((own, actor) => own.AddAsync(actor, made, name, challenge, default)), $"{name} is added. You can sign in with it.");
        }
    }

    public async Task RenameAsync(PasskeySummary passkey)
    {
        if (await AskNameAsync("Rename the passkey", passkey.Name) is { } name && name != passkey.Name)
        {
            await acts.TryAsync(() => passkeys.RunAsync((own, actor) => own.RenameAsync(actor, passkey.Id, name, default)));
        }
    }

    public async Task RemoveAsync(PasskeySummary passkey)
    {
        var ask = new ConfirmOptions { OkButtonText = "Remove", CancelButtonText = "Cancel", Width = "28rem", CloseDialogOnEsc = true };
        if (await dialogs.Confirm("It signs in nowhere any more. Your device may go on offering it until you delete it there.", $"Remove {passkey.Name}?", ask) == true)
        {
            await acts.TryAsync(() => passkeys.RunAsync((own, actor) => own.RemoveAsync(actor, passkey.Id, default)), $"{passkey.Name} is removed.");
        }
    }

    private async Task<string?> AskNameAsync(string title, string name) =>
        await dialogs.OpenAsync<PasskeyNameDialog>(title, new Dictionary<string, object?> { ["Name"] = name }, Narrow) as string;
}

/// <summary>The browser's side of a passkey: asks it, and says what went wrong.</summary>
public sealed class PasskeyBrowser(IJSRuntime script, NavigationManager navigation, SignInTickets tickets, Acts acts)
{
    public Uri Root => new(navigation.BaseUri);

    public Core.SignIn.OneUse NewChallenge() => tickets.Issue(PasskeyCeremony.Lifetime);

    /// <summary>The new passkey as JSON; null, after a notice, where there is none.</summary>
    public Task<string?> CreateAsync(string options) => AskAsync("passkeys_.create", options);

    /// <summary>The signed challenge as JSON; null, after a notice, where there is none.</summary>
    public Task<string?> GetAsync(string options) => AskAsync("passkeys_.get", options);

    private async Task<string?> AskAsync(string function, string options)
    {
        // A person looks for the key, or for the phone; the circuit's own patience is shorter.
        var answer = await script.InvokeAsync<Answer>(function, PasskeyCeremony.Lifetime, options);
        if (answer.Problem is { } problem)
        {
            acts.Notify(NotificationSeverity.Warning, problem);
        }

        return answer.Credential;
    }

    private sealed record Answer(string? Credential, string? Problem);
}
