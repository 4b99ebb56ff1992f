using System.Security.Claims;
using AdminConsole.Authentication;
using AdminConsole.Authorization;
using AdminConsole.Core.Changes;
using AdminConsole.Core.Data;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;

namespace AdminConsole.Tests.Components;

/// <summary>The services of the real program for components, called as the user who is signed in.</summary>
internal sealed class AppServices
{
    private readonly IServiceCollection services;
    private readonly IServiceScopeFactory scopes;
    private readonly CurrentActor source;

    private AppServices(ControlContext context, AdminApp app, AuthenticationStateProvider asking)
    {
        (services, scopes) = (context.Services, app.Services.GetRequiredService<IServiceScopeFactory>());
        source = new CurrentActor(new HttpContextAccessor(), asking, scopes) { IsCircuit = true };
        services.AddSingleton(app.Services.GetRequiredService<ChangeFeed>());
        services.AddSingleton(app.Services.GetRequiredService<CurrentSettings>());
        services.AddSingleton(app.Services.GetRequiredService<IAuthenticationSchemeProvider>());
        services.AddSingleton<TimeProvider>(app.Clock);
        services.AddSingleton(source);
    }

    public static AppServices Of(ControlContext context, AdminApp app, AuthenticationStateProvider asking) => new(context, app, asking);

    /// <summary>The latest session of the user with this name, who signs in for it with the usual password.</summary>
    public static async Task<Guid> SessionAsync(AdminApp app, string signInName)
    {
        (await (signInName == TestData.AdminEmail ? app.SignInAdminAsync() : app.SignInAsync(signInName))).Dispose();
        return await app.ReadAsync(db =>
            db.Sessions.OrderByDescending(row => row.Id)
                .Where(row => db.Users.Any(user => user.Id == row.UserId && (user.Email == signInName || user.UserName == signInName)))
                .Select(row => row.Id)
                .FirstAsync()
        );
    }

    /// <summary>One of the program's own services, as components reach it.</summary>
    public AppServices Add<T>()
        where T : notnull
    {
        services.AddSingleton(new Scoped<T>(scopes, source, NullLogger<Scoped<T>>.Instance));
        return this;
    }

    /// <summary>A user with a session.</summary>
    public sealed class SignedIn(Guid session) : AuthenticationStateProvider
    {
        public override Task<AuthenticationState> GetAuthenticationStateAsync()
        {
            var identity = new ClaimsIdentity([new Claim(ConsoleClaims.Session, session.ToString())], "test");
            return Task.FromResult(new AuthenticationState(new ClaimsPrincipal(identity)));
        }
    }
}
