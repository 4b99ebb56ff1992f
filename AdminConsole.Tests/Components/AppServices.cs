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

/// <summary>Provides the services of the real program to components, with the signed-in user as the caller.</summary>
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

    /// <summary>Signs in with the usual password and returns the new session.</summary>
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

    /// <summary>Registers a service of the program in the form in which components use it.</summary>
    public AppServices Add<T>()
        where T : notnull
    {
        services.AddSingleton(new Scoped<T>(scopes, source, NullLogger<Scoped<T>>.Instance));
        return this;
    }

    /// <summary>An authentication state with a session.</summary>
    public sealed class SignedIn(Guid session) : AuthenticationStateProvider
    {
        public override Task<AuthenticationState> GetAuthenticationStateAsync()
        {
            var identity = new ClaimsIdentity([new Claim(ConsoleClaims.Session, session.ToString())], "test");
            return Task.FromResult(new AuthenticationState(new ClaimsPrincipal(identity)));
        }
    }
}
