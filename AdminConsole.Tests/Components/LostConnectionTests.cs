using AdminConsole.Circuits;
using AdminConsole.Components.Pages.Account;
using AdminConsole.Components.Pages.OAuth;
using AdminConsole.Core.Account;
using AdminConsole.Core.OAuth;
using Bunit;
using MudBlazor;

namespace AdminConsole.Tests.Components;

/// <summary>Dialogs that show a secret once remove it when the connection to the browser breaks.</summary>
public sealed class LostConnectionTests(SqliteApp app) : ControlContext, IClassFixture<SqliteApp>
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    private readonly LostConnection connection = new();

    private async Task PrepareAsync()
    {
        var asking = new AppServices.SignedIn(await AppServices.SessionAsync(app, TestData.AdminEmail));
        AppServices.Of(this, app, asking).Add<OwnFactors>().Add<CliCodes>();
        Services.AddSingleton(connection);
        Render<MudPopoverProvider>();
    }

    private Task LoseAsync() => connection.OnConnectionDownAsync(null!, Xunit.TestContext.Current.CancellationToken);

    [Fact]
    public async Task The_key_of_an_authenticator_app_is_removed_with_a_notice()
    {
        await PrepareAsync();
        AuthenticatorOffer? offer = new(new byte[20], "ABCD EFGH", "otpauth://totp/x?secret=ABCDEFGH", "sealed");
        await OpenAsync<AuthenticatorDialog>(
            "Set up",
            new DialogParameters
            {
                [nameof(AuthenticatorDialog.TakeOffer)] = (Func<AuthenticatorOffer?>)(() => Interlocked.Exchange(ref offer, null)),
            }
        );
        Assert.Equal("ABCD EFGH", Dialogs.Find("[data-secret] .typed-key").TextContent);
        Assert.NotNull(Dialogs.Find("[data-secret] .qr"));

        await LoseAsync();

        Dialogs.WaitForElement("[role=alert]", Timeout);
        Assert.Equal("The connection was interrupted. Start over.", Dialogs.Find("[role=alert]").TextContent);
        Assert.DoesNotContain("ABCD", Dialogs.Markup, StringComparison.Ordinal);
        Assert.DoesNotContain("data:image", Dialogs.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_code_for_a_program_is_removed_with_a_notice_and_can_be_replaced()
    {
        await PrepareAsync();
        await OpenAsync<CliCodeDialog>("Connect with a code");
        await Dialogs.InvokeAsync(() => Dialogs.Find("form").Submit());
        Dialogs.WaitForElement(".command", Timeout);

        await LoseAsync();

        Dialogs.WaitForElement("[role=alert]", Timeout);
        Assert.Empty(Dialogs.FindAll(".command"));
        await Dialogs.InvokeAsync(() => Dialogs.Find("form").Submit());
        Dialogs.WaitForElement(".command", Timeout);
        Assert.Empty(Dialogs.FindAll("[role=alert]"));
    }
}
