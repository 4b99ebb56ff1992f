using System.Text.RegularExpressions;
using AdminConsole.Core.Passwords;

namespace AdminConsole.Tests.SignIn;

public sealed partial class BusyPageTests(SqliteApp app) : IClassFixture<SqliteApp>
{
    [Fact]
    public async Task The_sign_in_page_too_says_when_to_come_back_while_the_queue_is_full()
    {
        using var browser = app.Anybody();
        var hashing = app.Services.GetRequiredService<PasswordHashing>();
        var page = (await browser.GetAsync("/login", ("Accept", "text/html"))).Is(200).Text;
        Dictionary<string, string> form = new()
        {
            ["_handler"] = "login",
            ["__RequestVerificationToken"] = Antiforgery().Match(page).Groups["token"].Value,
            ["Form.Login"] = Some.AdminEmail,
            ["Form.Password"] = "not the password 1",
        };

        Answer answer = default!;
        await AdminApp.UntilAsync(async () =>
        {
            while (hashing.VerifyAsync("x", null) is not { IsCompletedSuccessfully: true, Result.Refusal: not null })
            {
                // Until it is full.
            }

            answer = await browser.PostAsync("/login", new FormUrlEncodedContent(form), ("Accept", "text/html"), ("Origin", app.Root.GetLeftPart(UriPartial.Authority)));
            return answer.Status == 503;
        }, "it met a full queue");

        Assert.Equal("1", Assert.Single(answer.Headers["Retry-After"]));
        Assert.Contains("Too many sign-ins at once", answer.Text, StringComparison.Ordinal);
    }

    [GeneratedRegex("""name="__RequestVerificationToken" value="(?<token>[^"]+)""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Antiforgery();
}
