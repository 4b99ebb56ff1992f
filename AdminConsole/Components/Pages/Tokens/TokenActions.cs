using AdminConsole.Components.Controls;
using AdminConsole.Core;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Security;
using AdminConsole.Core.Tokens;
using AdminConsole.Security;
using MudBlazor;

namespace AdminConsole.Components.Pages.Tokens;

/// <summary>What a person does with their own tokens.</summary>
public sealed class TokenActions(Scoped<PersonalAccessTokens> tokens, ConsoleDialogs dialogs, OperationRunner operations)
{
    public async Task CreateAsync(Actor actor)
    {
        var policy = await tokens.RunAsync((own, _) => own.PolicyAsync(default));
        await dialogs.ShowAsync<CreateTokenDialog>("New token", new DialogParameters { ["Actor"] = actor, ["Policy"] = policy }, ConsoleDialogs.Modal);
    }

    public async Task RotateAsync(TokenSummary token) =>
        await dialogs.ShowAsync<RotateTokenDialog>($"Rotate {token.Name}", new DialogParameters { ["Token"] = token }, ConsoleDialogs.Modal);

    public Task<Result<TokenSummary>> SwitchAsync(TokenSummary token) => operations.TryAsync(() => tokens.RunAsync((own, actor) =>
        own.UpdateAsync(actor, token.Id, new UpdateTokenRequest { Active = token.State != TokenStates.Active }, default)));

    public async Task RevokeAsync(TokenSummary token)
    {
        if (await dialogs.ConfirmAsync(new Question($"Revoke {token.Name}?", $"Anything using {token.Prefix}… stops working immediately. This can't be undone.", "Revoke")))
        {
            await operations.TryAsync(() => tokens.RunAsync((own, actor) => own.RevokeAsync(actor, token.Id, default)), $"{token.Name} revoked.");
        }
    }
}
