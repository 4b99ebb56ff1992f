using AdminConsole.Components.Parts;
using AdminConsole.Core;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Security;
using AdminConsole.Core.Tokens;
using AdminConsole.Security;
using Radzen;

namespace AdminConsole.Components.Pages.Tokens;

/// <summary>What a person does with their own tokens.</summary>
public sealed class TokenActions(Scoped<PersonalAccessTokens> tokens, DialogService dialogs, Acts acts)
{
    // What shows a secret is closed by its own button only.
    private static readonly DialogOptions Shut = new() { Width = "36rem", ShowClose = false, CloseDialogOnEsc = false, CloseDialogOnOverlayClick = false };

    public async Task CreateAsync(Actor actor)
    {
        var policy = await tokens.RunAsync((own, _) => own.PolicyAsync(default));
        await dialogs.OpenAsync<CreateTokenDialog>("New token", new Dictionary<string, object?> { ["Actor"] = actor, ["Policy"] = policy }, Shut);
    }

    public async Task RotateAsync(TokenSummary token) =>
        await dialogs.OpenAsync<RotateTokenDialog>($"Rotate {token.Name}", new Dictionary<string, object?> { ["Token"] = token }, Shut);

    public Task<Result<TokenSummary>> SwitchAsync(TokenSummary token) => acts.TryAsync(() => tokens.RunAsync((own, actor) =>
        own.UpdateAsync(actor, token.Id, new UpdateTokenRequest { Active = token.State != TokenStates.Active }, default)));

    public async Task RevokeAsync(TokenSummary token)
    {
        var ask = new ConfirmOptions { OkButtonText = "Revoke", CancelButtonText = "Cancel", Width = "30rem", CloseDialogOnEsc = true };
        if (await dialogs.Confirm($"Whatever uses {token.Prefix}… is refused from now on, for good.", $"Revoke {token.Name}?", ask) == true)
        {
            await acts.TryAsync(() => tokens.RunAsync((own, actor) => own.RevokeAsync(actor, token.Id, default)), $"{token.Name} is revoked.");
        }
    }
}
