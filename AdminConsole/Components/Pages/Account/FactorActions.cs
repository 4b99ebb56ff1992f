using AdminConsole.Authorization;
using AdminConsole.Components.Controls;
using AdminConsole.Core.Account;
using MudBlazor;

namespace AdminConsole.Components.Pages.Account;

/// <summary>The actions of a user on their own second factor.</summary>
public sealed class FactorActions(Scoped<OwnFactors> factors, ConsoleDialogs dialogs, OperationRunner operations)
{
    public async Task SetUpAsync()
    {
        var offer = await operations.TryAsync(() => factors.RunAsync((own, actor) => own.OfferAsync(actor, default)));
        if (offer.Refusal is null)
        {
            var parameters = new DialogParameters { [nameof(AuthenticatorDialog.TakeOffer)] = ConsumeOnce(offer.Value) };
            await dialogs.ShowAsync<AuthenticatorDialog>("Set up an authenticator app", parameters, ConsoleDialogs.Modal);
        }
    }

    public async Task RemoveAsync() =>
        await dialogs.ShowAsync<RemoveAuthenticatorDialog>("Remove the authenticator app?", options: ConsoleDialogs.Small);

    public async Task RenewRecoveryCodesAsync()
    {
        if (!await dialogs.ConfirmAsync(new Question("Generate new recovery codes?", "Your current codes stop working.", "Generate codes")))
        {
            return;
        }

        var renewed = await operations.TryAsync(() => factors.RunAsync((own, actor) => own.RenewRecoveryCodesAsync(actor, default)));
        if (renewed.Refusal is null)
        {
            await dialogs.ShowAsync<RecoveryCodesReveal>(
                "Your new recovery codes",
                new DialogParameters { [nameof(RecoveryCodesReveal.ConsumeSecret)] = ConsumeOnce(renewed.Value) },
                ConsoleDialogs.Modal
            );
        }
    }

    /// <summary>Returns a function that returns the secret on the first call and null afterwards, without keeping a
    /// reference.</summary>
    internal static Func<T?> ConsumeOnce<T>(T secret)
        where T : class
    {
        T? remaining = secret;
        return () => Interlocked.Exchange(ref remaining, null);
    }
}
