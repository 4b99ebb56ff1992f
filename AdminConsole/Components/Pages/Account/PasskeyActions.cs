using AdminConsole.Authentication;
using AdminConsole.Authorization;
using AdminConsole.Components.Controls;
using AdminConsole.Core.Account;
using AdminConsole.Core.Contracts;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;
using MudBlazor;

namespace AdminConsole.Components.Pages.Account;

/// <summary>The actions of a user on their own passkeys. The challenge stays in the circuit, which binds it to this
/// browser.</summary>
public sealed class PasskeyActions(
    Scoped<OwnPasskeys> passkeys,
    Scoped<PasskeyCeremony> ceremonies,
    PasskeyBrowser browser,
    ConsoleDialogs dialogs,
    OperationRunner operations
)
{
    public async Task AddAsync()
    {
        if ((await operations.TryAsync(() => passkeys.RunAsync((own, actor) => own.MayAddAsync(actor, default)))).Refusal is not null)
        {
            return;
        }

        var (request, challenge) = (
            await ceremonies.RunAsync((ceremony, actor) => ceremony.CreateCreationOptionsAsync(browser.Root, actor)),
            browser.NewChallenge()
        );
        if (await browser.CreateAsync(request.CreationOptionsJson) is not { } credential)
        {
            return;
        }

        if (
            await ceremonies.RunAsync(
                (ceremony, actor) => ceremony.VerifyNewAsync(browser.Root, actor, request.AttestationState!, credential)
            )
            is not { } passkey
        )
        {
            operations.Notify(Severity.Error, "The browser didn't create a passkey for this site. Try again.");
        }
        else if (await AskNameAsync("Name your passkey", "This device") is { } name)
        {
            await operations.TryAsync(
                () => passkeys.RunAsync((own, actor) => own.AddAsync(actor, passkey, name, challenge, default)),
                $"{name} added. You can sign in with it."
            );
        }
    }

    public async Task RenameAsync(PasskeySummary passkey)
    {
        if (await AskNameAsync("Rename the passkey", passkey.Name) is { } name && name != passkey.Name)
        {
            await operations.TryAsync(() => passkeys.RunAsync((own, actor) => own.RenameAsync(actor, passkey.Id, name, default)));
        }
    }

    public async Task RemoveAsync(PasskeySummary passkey)
    {
        if (
            await dialogs.ConfirmAsync(
                new Question($"Remove {passkey.Name}?", "You can't sign in with it anymore. Delete it from your device, too.", "Remove")
            )
        )
        {
            await operations.TryAsync(
                () => passkeys.RunAsync((own, actor) => own.RemoveAsync(actor, passkey.Id, default)),
                $"{passkey.Name} removed."
            );
        }
    }

    private async Task<string?> AskNameAsync(string title, string name) =>
        await dialogs.ShowAsync<NameDialog>(
            title,
            new DialogParameters
            {
                [nameof(NameDialog.Name)] = name,
                [nameof(NameDialog.MaxLength)] = Limits.PasskeyName,
                [nameof(NameDialog.Hint)] = "For example the device it's on.",
            }
        ) as string;
}

/// <summary>Calls the browser's WebAuthn functions and shows its errors.</summary>
public sealed class PasskeyBrowser(IJSRuntime script, NavigationManager navigation, SignInStateCookies tickets, OperationRunner operations)
{
    public Uri Root => new(navigation.BaseUri);

    public AdminConsole.Core.Authentication.SingleUseToken NewChallenge() => tickets.Issue(PasskeyCeremony.Lifetime);

    /// <summary>Creates a passkey and returns it as JSON; null, after a notice, if that fails.</summary>
    public Task<string?> CreateAsync(string options) => AskAsync("passkeys_.create", options);

    /// <summary>Returns the signed challenge as JSON; null, after a notice, if that fails.</summary>
    public Task<string?> GetAsync(string options) => AskAsync("passkeys_.get", options);

    private async Task<string?> AskAsync(string function, string options)
    {
        // The user may need time to find the key or phone; the circuit's default timeout is shorter.
        var answer = await script.InvokeAsync<Answer>(function, PasskeyCeremony.Lifetime, options);
        if (answer.Problem is { } problem)
        {
            operations.Notify(Severity.Warning, problem);
        }

        return answer.Credential;
    }

    private sealed record Answer(string? Credential, string? Problem);
}
