using AdminConsole.Core.Common;
using AdminConsole.Core.Identity.Passwords;
using AdminConsole.Core.Roles;
using AdminConsole.Tests.Http;

namespace AdminConsole.Tests.Authentication;

public sealed class BusyPageTests
{
    [Fact]
    public async Task The_sign_in_page_sends_Retry_After_while_the_queue_is_full()
    {
        await using var app = await AdminApp.StartAsync(
            DatabaseProvider.Sqlite,
            services: services => services.AddSingleton<PasswordHashing>()
        );
        await app.CreateUserAsync(TestData.AdminEmail, null, AppRole.Admin);
        using var browser = app.Anonymous();
        var hashing = app.Services.GetRequiredService<PasswordHashing>();
        var form = await PageForm.ReadAsync(browser, "/login");
        (form["Form.Login"], form["Form.Password"]) = (TestData.AdminEmail, "not the password 1");

        using var enough = new CancellationTokenSource();
        var filling = FillAsync(hashing, enough.Token);
        ApiResponse answer = default!;
        await AdminApp.UntilAsync(
            async () =>
            {
                answer = await browser.PostAsync(
                    "/login",
                    new FormUrlEncodedContent(form),
                    ("Accept", "text/html"),
                    ("Origin", app.Root.GetLeftPart(UriPartial.Authority))
                );
                Assert.True(answer.Status is 401 or 503, answer.Text);
                return answer.Status == 503;
            },
            "it met a full queue"
        );
        await enough.CancelAsync();
        await filling;

        Assert.Equal("1", Assert.Single(answer.Headers["Retry-After"]));
        Assert.Contains("Too many sign-ins at once", answer.Text, StringComparison.Ordinal);
    }

    // Keeps the queue full: a new request replaces each completed one.
    private static async Task FillAsync(PasswordHashing hashing, CancellationToken enough)
    {
        var waiting = new Queue<Task>();
        while (!enough.IsCancellationRequested)
        {
            var next = hashing.VerifyAsync("x", null);
            if (next is { IsCompletedSuccessfully: true, Result.Refusal: not null })
            {
                await waiting.Dequeue();
            }
            else
            {
                waiting.Enqueue(next);
            }
        }
    }
}
