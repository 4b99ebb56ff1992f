using AdminConsole.Components.Parts;
using AdminConsole.Core.Mfa;
using AdminConsole.Security;
using Radzen;

namespace AdminConsole.Components.Pages.Account;

/// <summary>What a person does with their own second factor.</summary>
public sealed class FactorActions(Scoped<OwnFactors> factors, DialogService dialogs, Acts acts)
{
    // What shows codes once is closed by its own button only.
    private static readonly DialogOptions Shut = new() { Width = "32rem", ShowClose = false, CloseDialogOnEsc = false, CloseDialogOnOverlayClick = false };

    public async Task SetUpAsync()
    {
        var offer = await acts.TryAsync(() => factors.RunAsync((own, actor) => own.OfferAsync(actor, default)));
        if (offer.Refusal is null)
        {
            await dialogs.OpenAsync<AuthenticatorDialog>("Set up an authenticator app", new Dictionary<string, object?> { ["Offer"] = offer.Value }, Shut);
        }
    }

    public async Task RemoveAsync() =>
        await dialogs.OpenAsync<RemoveAuthenticatorDialog>("Remove the authenticator app?", options: new DialogOptions { Width = "28rem", CloseDialogOnEsc = true });

    public async Task RenewRecoveryCodesAsync()
    {
        var ask = new ConfirmOptions { OkButtonText = "Make new codes", CancelButtonText = "Cancel", Width = "28rem", CloseDialogOnEsc = true };
        if (await dialogs.Confirm("The ones you have stop working.", "New recovery codes?", ask) != true)
        {
            return;
        }

        var renewed = await acts.TryAsync(() => factors.RunAsync((own, actor) => own.RenewRecoveryCodesAsync(actor, default)));
        if (renewed.Refusal is null)
        {
            await dialogs.OpenAsync<RecoveryCodesReveal>("Your new recovery codes", new Dictionary<string, object?> { ["Take"] = Once(renewed.Value) }, Shut);
        }
    }

    /// <summary>Hands a secret over to the first who asks, and keeps nothing.</summary>
    internal static Func<IReadOnlyList<string>?> Once(IReadOnlyList<string> codes)
    {
        IReadOnlyList<string>? held = codes;
        return () => Interlocked.Exchange(ref held, null);
    }
}
