using AdminConsole.Authorization;
using AdminConsole.Components.Controls;
using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Security;
using AdminConsole.Core.Tokens;
using MudBlazor;

namespace AdminConsole.Components.Pages.Tokens;

/// <summary>The actions of a user on their own tokens.</summary>
public sealed class TokenActions(Scoped<PersonalAccessTokens> tokens, ConsoleDialogs dialogs, OperationRunner operations)
{
    public async Task CreateAsync(Actor actor)
    {
        var policy = await tokens.RunAsync((own, _) => own.PolicyAsync(default));
        await dialogs.ShowAsync<CreateTokenDialog>(
            "New token",
            new DialogParameters { ["Actor"] = actor, ["Policy"] = policy },
            ConsoleDialogs.Modal
        );
    }

    public async Task RotateAsync(TokenSummary token) =>
        await dialogs.ShowAsync<RotateTokenDialog>(
            $"Rotate {token.Name}",
            new DialogParameters { ["Token"] = token },
            ConsoleDialogs.Modal
        );

    /// <summary>Pauses or resumes a token, and offers to undo it.</summary>
    /// <param name="token">The token before the change.</param>
    /// <param name="undone">Runs after an undo.</param>
    public Task<Result<TokenSummary>> SwitchAsync(TokenSummary token, Func<Task> undone)
    {
        var resumes = token.State != TokenStates.Active;
        return operations.TryAsync(
            () => SetAsync(token, resumes),
            $"{token.Name} {(resumes ? "resumed" : "paused")}.",
            async () =>
            {
                await operations.TryAsync(() => SetAsync(token, !resumes));
                await undone();
            }
        );
    }

    public async Task RevokeAsync(TokenSummary token)
    {
        if (
            await dialogs.ConfirmAsync(
                new Question(
                    $"Revoke {token.Name}?",
                    $"Anything using {token.Prefix}… stops working immediately. This can't be undone.",
                    "Revoke"
                )
            )
        )
        {
            await operations.TryAsync(
                () => tokens.RunAsync((own, actor) => own.RevokeAsync(actor, token.Id, default)),
                $"{token.Name} revoked."
            );
        }
    }

    private Task<Result<TokenSummary>> SetAsync(TokenSummary token, bool active) =>
        tokens.RunAsync((own, actor) => own.UpdateAsync(actor, token.Id, new UpdateTokenRequest { Active = active }, default));
}
