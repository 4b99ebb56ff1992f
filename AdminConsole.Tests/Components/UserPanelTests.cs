using System.Security.Claims;
using AdminConsole.Authentication;
using AdminConsole.Authorization;
using AdminConsole.Components.Pages.Tokens;
using AdminConsole.Components.Pages.Users;
using AdminConsole.Core.Audit;
using AdminConsole.Core.Sessions;
using AdminConsole.Core.Tokens;
using AdminConsole.Core.Users;
using AdminConsole.Tests.Tokens;
using Bunit;
using Microsoft.AspNetCore.Components.Authorization;

namespace AdminConsole.Tests.Components;

/// <summary>The panel stays open while another user is selected.</summary>
public sealed class UserPanelTests(SqliteApp app) : ControlContext, IClassFixture<SqliteApp>
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_panel_shows_the_selected_user_even_if_an_earlier_query_returns_later(bool isLate)
    {
        var (first, second) = (await app.SignedInUserAsync("Operator"), await app.SignedInUserAsync());
        var tokens = (First: await first.Caller.CreateTokenAsync(), Second: await second.Caller.CreateTokenAsync());
        var asking = await PrepareAsync();
        asking.Hold(isLate);
        Render<MudBlazor.MudPopoverProvider>();
        var panel = Render<UserPanel>(part =>
            part.Add(one => one.Id, first.Id).Add(one => one.Actor, TestData.System).Add(one => one.Tab, "tokens")
        );
        if (!isLate)
        {
            panel.WaitForAssertion(
                () => Assert.Contains(tokens.First.Prefix, panel.Markup, StringComparison.Ordinal),
                TimeSpan.FromSeconds(30)
            );
        }

        asking.Hold(false);
        panel.Render(part => part.Add(one => one.Id, second.Id));
        Assert.DoesNotContain(first.Email, panel.Markup, StringComparison.Ordinal);
        panel.WaitForAssertion(
            () => Assert.Contains(tokens.Second.Prefix, panel.Markup, StringComparison.Ordinal),
            TimeSpan.FromSeconds(30)
        );
        await asking.ReleaseAsync();

        Assert.Contains(second.Email, panel.Find(".panel-mail").TextContent, StringComparison.Ordinal);
        Assert.DoesNotContain(first.Email, panel.Markup, StringComparison.Ordinal);
        Assert.DoesNotContain(first.Id.ToString(), panel.Markup, StringComparison.Ordinal);
        Assert.DoesNotContain(tokens.First.Prefix, panel.Markup, StringComparison.Ordinal);
    }

    // Registers the services of the real program, called by an administrator.
    private async Task<Asking> PrepareAsync()
    {
        var asking = new Asking(await AppServices.SessionAsync(app, TestData.AdminEmail));
        AppServices
            .Of(this, app, asking)
            .Add<UserDirectory>()
            .Add<SessionDirectory>()
            .Add<AuditLog>()
            .Add<TokenDirectory>()
            .Add<RevocableCredentials>();
        Services.AddScoped(typeof(Scoped<>), typeof(Scoped<>));
        Services.AddScoped<UserActions>();
        Services.AddScoped<CredentialActions>();
        Services.AddScoped<UserMenu>();
        Services.AddScoped<TokenActions>();
        return asking;
    }

    /// <summary>The caller of queries. Queries made while it is on hold wait for <see cref="ReleaseAsync"/>.</summary>
    private sealed class Asking(Guid session) : AuthenticationStateProvider
    {
        private readonly TaskCompletionSource released = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private bool isHeld;
        private int waiting;
        private int answered;

        public void Hold(bool hold) => isHeld = hold;

        public override async Task<AuthenticationState> GetAuthenticationStateAsync()
        {
            if (isHeld)
            {
                waiting++;
                await released.Task;
            }

            Interlocked.Increment(ref answered);
            return new AuthenticationState(
                new ClaimsPrincipal(new ClaimsIdentity([new Claim(ConsoleClaims.Session, session.ToString())], "test"))
            );
        }

        /// <summary>Releases the waiting queries, and waits until the queries that follow have been made.</summary>
        public async Task ReleaseAsync()
        {
            var before = answered;
            released.SetResult();
            if (waiting > 0)
            {
                await AdminApp.UntilAsync(() => Task.FromResult(answered >= before + waiting), "the first user's answers are there");
            }
        }
    }
}
