using AdminConsole.Circuits;
using AdminConsole.Components.Pages.Tokens;
using AdminConsole.Core.Security;
using AdminConsole.Core.Tokens;
using AdminConsole.Startup;
using Bunit;
using MudBlazor;

namespace AdminConsole.Tests.Components;

public sealed class CreateTokenTests(SqliteApp app) : ControlContext, IClassFixture<SqliteApp>
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_refused_expiry_can_be_corrected()
    {
        var asking = new AppServices.SignedIn(await AppServices.SessionAsync(app, TestData.AdminEmail));
        AppServices.Of(this, app, asking).Add<PersonalAccessTokens>();
        Services.AddSingleton(new LostConnection());
        Services.AddSingleton(ServerStartup.Read([], new KeyValuePair<string, string?>("PublicUrl", "https://console.example.com")));
        Render<MudPopoverProvider>();
        // Simulates a limit that was lowered while the dialog was open.
        var actor = new Actor
        {
            UserId = Guid.CreateVersion7(),
            Name = "x",
            Via = AuthenticationMethod.Session,
            EffectivePermissions = Permissions.Own,
        };
        await OpenAsync<CreateTokenDialog>(
            "New token",
            new DialogParameters
            {
                [nameof(CreateTokenDialog.Actor)] = actor,
                [nameof(CreateTokenDialog.Policy)] = new TokenPolicy(90, 3650, MayLiveForEver: false),
            }
        );
        await Dialogs.InvokeAsync(() => Dialogs.Find("#field-name").Change("Nightly backup"));
        await Dialogs.InvokeAsync(() => Dialogs.FindAll("input[name=expiry]")[^1].Change(true));
        await Dialogs.InvokeAsync(() => Dialogs.Find(".custom-days input").Input(3000));
        await Dialogs.InvokeAsync(() => Dialogs.Find("form").Submit());
        Dialogs.WaitForAssertion(() => Assert.StartsWith("Choose an expiry within", Problem(), StringComparison.Ordinal), Timeout);

        await Dialogs.InvokeAsync(() => Dialogs.Find(".custom-days input").Input(30));
        Assert.DoesNotContain("Choose an expiry", Dialogs.Markup, StringComparison.Ordinal);
        await Dialogs.InvokeAsync(() => Dialogs.Find("form").Submit());

        Dialogs.WaitForElement("[data-secret]", Timeout);
    }

    private string Problem() => Dialogs.Find("fieldset .hint").TextContent;
}
