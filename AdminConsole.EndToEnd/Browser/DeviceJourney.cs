using AdminConsole.Core.Contracts;
using AdminConsole.Tests.OAuth;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace AdminConsole.EndToEnd.Browser;

public sealed class DeviceJourney(Chromium chromium, SqliteApp app) : IClassFixture<SqliteApp>
{
    private async Task<ApiResponse> PollAsync(DeviceAuthorization request)
    {
        app.Clock.Advance(TimeSpan.FromSeconds(5));
        return await app.PollAsync(request);
    }

    [Fact]
    public async Task A_link_with_the_code_leads_through_the_sign_in_to_the_request_and_its_decision()
    {
        var person = await app.CreateUserAsync(password: TestData.Password);
        var request = await app.RequestDeviceAsync(("device_name", "<b>build</b> server"), ("scope", "users.read"));
        await using var visitor = await BrowserSession.StartAsync(chromium, app);
        await visitor.Page.GotoAsync(new Uri(request.VerificationUriComplete).PathAndQuery);
        await visitor.Page.GetByLabel("Email or username").FillAsync(person.Email!);
        await visitor.Page.GetByLabel("Password").FillAsync(TestData.Password);
        await visitor.Button("Sign in").ClickAsync();

        await Expect(visitor.Page.GetByLabel("Code")).ToHaveValueAsync(request.UserCode);
        await visitor.Button("Continue").ClickAsync();
        await Expect(visitor.Page.GetByRole(AriaRole.Heading, new() { Name = "Authorize this device?" })).ToBeVisibleAsync();
        await Expect(visitor.Page.GetByText("<b>build</b> server")).ToBeVisibleAsync();
        await Expect(visitor.Page.GetByText("View users and their roles")).ToBeVisibleAsync();
        await Expect(visitor.Page.GetByText("Only continue if you started this yourself")).ToBeVisibleAsync();
        await visitor.IsAccessibleAsync();
        await visitor.Button("Authorize").ClickAsync();

        await Expect(visitor.Page.GetByRole(AriaRole.Heading, new() { Name = "Device authorized" })).ToBeVisibleAsync();
        (await PollAsync(request)).Is(200);
    }

    [Fact]
    public async Task A_typed_code_is_case_insensitive_a_wrong_one_is_refused_and_a_device_can_be_denied()
    {
        var person = await app.CreateUserAsync(password: TestData.Password);
        var request = await app.RequestDeviceAsync();
        await using var visitor = await BrowserSession.StartAsync(chromium, app, 390, scheme: ColorScheme.Dark);
        await visitor.SignInAsync(person.Email!);
        await visitor.Page.GotoAsync("/device");

        await visitor.Page.GetByLabel("Code").FillAsync("BBBB-BBBB");
        await visitor.Button("Continue").ClickAsync();
        await Expect(visitor.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("This code isn't valid");
        await visitor.Page.GetByLabel("Code").FillAsync(request.UserCode.ToLowerInvariant().Replace("-", " ", StringComparison.Ordinal));
        await visitor.Button("Continue").ClickAsync();
        await visitor.IsAccessibleAsync();
        Assert.True(
            await visitor.Page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth"),
            "The page is wider than the screen."
        );
        await visitor.Button("Deny").ClickAsync();

        await Expect(visitor.Page.GetByRole(AriaRole.Heading, new() { Name = "Request denied" })).ToBeVisibleAsync();
        (await PollAsync(request)).RefusesGrant("access_denied");
    }

    [Fact]
    public async Task An_old_sign_in_is_not_enough_to_approve()
    {
        var person = await app.CreateUserAsync(password: TestData.Password);
        await using var visitor = await BrowserSession.StartAsync(chromium, app);
        await visitor.SignInAsync(person.Email!);
        app.Clock.Advance(TimeSpan.FromMinutes(16));
        var request = await app.RequestDeviceAsync();
        await visitor.Page.GotoAsync($"/device?user_code={request.UserCode}");
        await visitor.Button("Continue").ClickAsync();
        await visitor.Button("Authorize").ClickAsync();

        await visitor.Page.GetByRole(AriaRole.Link, new() { Name = "Sign in again" }).ClickAsync();
        await visitor.Page.GetByLabel("Email or username").FillAsync(person.Email!);
        await visitor.Page.GetByLabel("Password").FillAsync(TestData.Password);
        await visitor.Button("Sign in").ClickAsync();
        await visitor.Button("Continue").ClickAsync();
        await visitor.Button("Authorize").ClickAsync();

        await Expect(visitor.Page.GetByRole(AriaRole.Heading, new() { Name = "Device authorized" })).ToBeVisibleAsync();
        (await PollAsync(request)).Is(200);
    }

    [Fact]
    public async Task A_code_from_the_page_connects_a_device_which_appears_there_and_is_signed_out_there()
    {
        var person = await app.CreateUserAsync(password: TestData.Password);
        await using var visitor = await BrowserSession.StartAsync(chromium, app);
        await visitor.SignInAsync(person.Email!);
        await visitor.OpenPageAsync("/account/sessions");
        await visitor.Button("Connect with a code").ClickAsync();
        await visitor.Button("Generate code").ClickAsync();
        var line = await visitor.Page.Locator(".mud-dialog pre.command").InnerTextAsync();
        await visitor.IsAccessibleAsync();

        var device = new Device(
            app,
            (await app.RedeemAsync(line.Trim().Split(' ')[^1], ("device_name", "kitchen radio"))).Is(200).As<TokenResponse>()
        );
        await visitor.Button("Close").ClickAsync();
        await Expect(visitor.Page.GetByText("kitchen radio")).ToBeVisibleAsync();
        (await device.Caller.MeAsync()).Is(200);
        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Sign out kitchen radio" }).ClickAsync();
        await visitor.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Sign out", Exact = true }).ClickAsync();

        await Expect(visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Sign out kitchen radio" })).ToHaveCountAsync(0);
        (await device.Caller.MeAsync()).Is(401);
    }
}
