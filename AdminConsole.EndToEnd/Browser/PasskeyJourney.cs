using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace AdminConsole.EndToEnd.Browser;

/// <summary>Passkeys, with Chromium's virtual authenticator.</summary>
public sealed class PasskeyJourney(Chromium chromium, SqliteApp app) : IClassFixture<SqliteApp>
{
    // WebAuthn needs a host name instead of an IP address.
    private Uri Root => new UriBuilder(app.Root) { Host = "localhost" }.Uri;

    private string At(string path) => new Uri(Root, path).ToString();

    private static async Task PlugInAsync(BrowserSession visitor)
    {
        var session = await visitor.Page.Context.NewCDPSessionAsync(visitor.Page);
        await session.SendAsync("WebAuthn.enable");
        await session.SendAsync(
            "WebAuthn.addVirtualAuthenticator",
            new Dictionary<string, object>
            {
                ["options"] = new Dictionary<string, object>
                {
                    ["protocol"] = "ctap2",
                    ["transport"] = "internal",
                    ["hasResidentKey"] = true,
                    ["hasUserVerification"] = true,
                    ["isUserVerified"] = true,
                    ["automaticPresenceSimulation"] = true,
                },
            }
        );
    }

    private async Task SignInAsync(BrowserSession visitor, string login)
    {
        await visitor.Page.GotoAsync(At("/login"));
        await visitor.Page.GetByLabel("Email or username").FillAsync(login);
        await visitor.Page.GetByLabel("Password").FillAsync(TestData.Password);
        await visitor.Button("Sign in").ClickAsync();
        await visitor.IsSignedInAsync();
        await visitor.Page.GetByRole(AriaRole.Heading, new() { Level = 1 }).WaitForAsync();
    }

    private async Task AddAsync(BrowserSession visitor, string name)
    {
        await visitor.OpenPageAsync(At("/account/security"));
        await visitor.Button("Add passkey").ClickAsync();
        await visitor.Page.GetByRole(AriaRole.Textbox, new() { Name = "Name", Exact = true }).FillAsync(name);
        await visitor.IsAccessibleAsync();
        await visitor.Button("Save").ClickAsync();
        await Expect(visitor.Button($"Remove {name}")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_passkey_is_added_signs_in_reauthenticates_and_is_removed()
    {
        var user = await app.CreateUserAsync(password: TestData.Password);
        await using var visitor = await BrowserSession.StartAsync(chromium, app);
        await PlugInAsync(visitor);
        await SignInAsync(visitor, user.Email!);
        await AddAsync(visitor, "Laptop");

        await visitor.SignOutAsync();
        // The sign-in page suggests the passkey, and the virtual authenticator confirms it without interaction.
        await AdminApp.UntilAsync(
            () => app.ReadAsync(db => db.Sessions.AnyAsync(session => session.UserId == user.Id && session.Method == "passkey")),
            "signed in with the passkey"
        );
        await visitor.IsSignedInAsync();

        app.Clock.Advance(TimeSpan.FromMinutes(16));
        await visitor.OpenPageAsync(At("/account/security"));
        await visitor.Button("Remove Laptop").ClickAsync();
        await visitor.Button("Remove").ClickAsync();
        await visitor.Button("Use a passkey instead").ClickAsync();
        await Expect(visitor.Button("Remove Laptop")).ToHaveCountAsync(0);

        await visitor.SignOutAsync();
        await Expect(visitor.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("This passkey isn't accepted.");
    }

    [Fact]
    public async Task A_signature_for_another_origin_browser_or_challenge_is_refused()
    {
        var user = await app.CreateUserAsync(password: TestData.Password);
        await using var visitor = await BrowserSession.StartAsync(chromium, app);
        await PlugInAsync(visitor);
        await SignInAsync(visitor, user.Email!);
        await AddAsync(visitor, "Laptop");
        await visitor.Page.Context.ClearCookiesAsync();
        // Otherwise the page would sign in with the suggested passkey.
        await visitor.Page.AddInitScriptAsync("PublicKeyCredential.isConditionalMediationAvailable = async () => false");
        await visitor.Page.GotoAsync(At("/login"));
        var form = await visitor.Page.EvaluateAsync<JsonElement>(
            """
            async () => {
                const form = document.querySelector('form[data-passkey]');
                const answer = await window.passkeys_.get(form.dataset.passkey);
                return {
                    credential: answer.credential,
                    problem: answer.problem,
                    challenge: form.elements['Passkey.Challenge'].value,
                    antiforgery: form.elements['__RequestVerificationToken'].value
                };
            }
            """
        );
        var credential = form.GetProperty("credential").GetString()!;
        var challenge = form.GetProperty("challenge").GetString()!;

        Task<int> PostAsync(string credential, string challenge) =>
            visitor.Page.EvaluateAsync<int>(
                """
                async ([credential, challenge, antiforgery]) => (await fetch('/login', {
                    method: 'POST',
                    redirect: 'manual',
                    body: new URLSearchParams({
                        _handler: 'passkey',
                        'Passkey.Credential': credential,
                        'Passkey.Challenge': challenge,
                        'Passkey.Remember': 'false',
                        __RequestVerificationToken: antiforgery
                    })
                })).status
                """,
                new[] { credential, challenge, form.GetProperty("antiforgery").GetString()! }
            );

        var fresh = await visitor.Page.EvaluateAsync<string>(
            "async () => new DOMParser().parseFromString(await (await fetch('/login')).text(), "
                + "'text/html').querySelector('[name=\"Passkey.Challenge\"]').value"
        );
        Assert.Equal(401, await PostAsync(credential, fresh));
        Assert.Equal(401, await PostAsync(Elsewhere(credential), challenge));
        Assert.Equal(401, await PostAsync(credential, challenge[..^4] + "AAAA"));
        Assert.Equal(401, await PostAsync("{}", challenge));
        Assert.Equal(401, await PostAsync("", challenge));
        await visitor.Page.Context.ClearCookiesAsync(new() { Name = "AdminConsole.SignIn" });
        Assert.Equal(401, await PostAsync(credential, challenge));

        Assert.Equal(0, await app.ReadAsync(db => db.Sessions.CountAsync(row => row.UserId == user.Id && row.Method == "passkey")));
        Assert.DoesNotContain(app.Log.Lines, line => line.Contains(credential[..40], StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_page_at_another_address_shows_that_its_signature_is_refused()
    {
        // The browser is at "localhost", but PublicUrl has another host name.
        await using var own = await AdminApp.StartAsync(
            AdminConsole.Core.Common.DatabaseProvider.Sqlite,
            settings: ("PublicUrl", "http://localhost:1")
        );
        var user = await own.CreateUserAsync(password: TestData.Password);
        await using var visitor = await BrowserSession.StartAsync(chromium, own);
        await PlugInAsync(visitor);
        var root = new UriBuilder(own.Root) { Host = "localhost" }.Uri;
        await visitor.Page.GotoAsync(new Uri(root, "/login").ToString());
        await visitor.Page.GetByLabel("Email or username").FillAsync(user.Email!);
        await visitor.Page.GetByLabel("Password").FillAsync(TestData.Password);
        await visitor.Button("Sign in").ClickAsync();
        await visitor.Page.GetByRole(AriaRole.Heading, new() { Name = "Overview" }).WaitForAsync();
        await visitor.OpenPageAsync(new Uri(root, "/account/security").ToString());

        await visitor.Button("Add passkey").ClickAsync();

        await Expect(visitor.Page.GetByText("The browser didn't create a passkey for this site.")).ToBeVisibleAsync();
        Assert.False(await own.ReadAsync(db => db.UserPasskeys.AnyAsync()));
    }

    private static string Elsewhere(string credential)
    {
        var node = JsonNode.Parse(credential)!;
        var data = node["response"]!["clientDataJSON"]!.GetValue<string>();
        var text = Encoding.UTF8.GetString(Microsoft.AspNetCore.WebUtilities.WebEncoders.Base64UrlDecode(data));
        node["response"]!["clientDataJSON"] = Microsoft.AspNetCore.WebUtilities.WebEncoders.Base64UrlEncode(
            Encoding.UTF8.GetBytes(text.Replace("localhost", "evil.test", StringComparison.Ordinal))
        );
        return node.ToJsonString();
    }
}
