using AdminConsole.Circuits;
using AdminConsole.Components.Controls;
using AdminConsole.Components.Pages.Tokens;
using AdminConsole.Core.Contracts;
using AdminConsole.Startup;
using Bunit;
using MudBlazor;
using MudBlazor.Services;

namespace AdminConsole.Tests.Components;

/// <summary>The one-time reveal: the secret is in the page neither before nor afterwards.</summary>
public sealed class SecretRevealTests : BunitContext, IAsyncLifetime
{
    private const string Token = "acpat_0123456789abcdefghijABCDEFGHIJklmnopqrst";

    private readonly LostConnection connection = new();
    private string? held = Token;

    public SecretRevealTests()
    {
        Services.AddMudServices();
        Services.AddScoped<ConsoleDialogs>();
        Services.AddSingleton(ServerStartup.Read([], new KeyValuePair<string, string?>("PublicUrl", "https://console.example.com")));
        Services.AddSingleton(connection);
        JSInterop.Mode = JSRuntimeMode.Loose;
        JSInterop.Setup<bool>("console_.copySecret", _ => true).SetResult(true);
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    private string? Take() => Interlocked.Exchange(ref held, null);

    private async Task<IRenderedComponent<MudDialogProvider>> OpenAsync()
    {
        Render<MudPopoverProvider>();
        var page = Render<MudDialogProvider>();
        var dialogs = Services.GetRequiredService<IDialogService>();
        await page.InvokeAsync(() =>
            dialogs.ShowAsync<SecretReveal>(
                "New token",
                new DialogParameters { [nameof(SecretReveal.ConsumeSecret)] = (Func<string?>)Take },
                ConsoleDialogs.Modal
            )
        );
        page.WaitForElement("[data-secret]");
        return page;
    }

    private static AngleSharp.Dom.IElement Button(IRenderedComponent<MudDialogProvider> page, string name) =>
        page.FindAll("button").Single(button => (button.GetAttribute("aria-label") ?? button.TextContent.Trim()) == name);

    [Fact]
    public async Task The_secret_is_not_in_the_page_until_revealed()
    {
        var page = await OpenAsync();

        Assert.DoesNotContain(Token, page.Markup, StringComparison.Ordinal);
        Button(page, "Show token").Click();
        Assert.Contains(Token, page.Find(".secret code").TextContent, StringComparison.Ordinal);
        Button(page, "Hide token").Click();
        Assert.DoesNotContain(Token, page.Markup, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, "curl -H \"Authorization: Bearer ")]
    [InlineData(1, "adminctl whoami")]
    [InlineData(2, "ADMINCONSOLE_TOKEN=")]
    public async Task Each_example_hides_the_secret_and_its_copy_contains_it(int use, string part)
    {
        var page = await OpenAsync();

        page.FindAll("input[name=use]")[use].Change(true);
        Assert.Contains(part, page.Find("pre.command").TextContent, StringComparison.Ordinal);
        Assert.DoesNotContain(Token, page.Markup, StringComparison.Ordinal);
        await page.Find(".command-box button").ClickAsync(new());

        var copied = Assert.Single(JSInterop.Invocations["console_.copySecret"]);
        Assert.Contains(Token, (string)copied.Arguments[0]!, StringComparison.Ordinal);
        Assert.DoesNotContain(Token, page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task If_copying_fails_the_text_is_shown_for_selection()
    {
        JSInterop.Setup<bool>("console_.copySecret", _ => true).SetResult(false);
        var page = await OpenAsync();

        Button(page, "Copy").Click();

        Assert.Contains(SharedTexts.CopyFailed, page.Find("p[role=status]").TextContent, StringComparison.Ordinal);
        Assert.Contains(Token, page.Find(".secret code").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_lost_connection_removes_the_secret_permanently()
    {
        var page = await OpenAsync();
        Button(page, "Show token").Click();

        await page.InvokeAsync(() => connection.OnConnectionDownAsync(null!, default));

        page.WaitForAssertion(() =>
            Assert.Contains("The connection was interrupted", page.Find("[role=alert]").TextContent, StringComparison.Ordinal)
        );
        Assert.DoesNotContain(Token, page.Markup, StringComparison.Ordinal);
        Assert.Null(Take());
    }

    [Fact]
    public async Task The_dialog_closes_by_its_button_only_and_removes_the_secret()
    {
        var page = await OpenAsync();

        Assert.Equal(
            (false, false, false),
            (ConsoleDialogs.Modal.CloseOnEscapeKey, ConsoleDialogs.Modal.BackdropClick, ConsoleDialogs.Modal.CloseButton)
        );
        await page.Find("form").SubmitAsync();

        page.WaitForAssertion(() => Assert.Empty(page.FindAll(".mud-dialog")));
        Assert.Null(Take());
    }

    async ValueTask IAsyncDisposable.DisposeAsync() => await DisposeAsync();
}
