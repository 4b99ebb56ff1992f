using AdminConsole.Authentication;
using AdminConsole.Authorization;
using AdminConsole.Circuits;
using AdminConsole.Core;
using AdminConsole.Core.Audit;
using AdminConsole.Core.Cli;
using AdminConsole.Core.Common;
using AdminConsole.Core.Email;
using AdminConsole.Core.Identity;
using AdminConsole.Core.Providers;
using AdminConsole.Core.System;
using AdminConsole.Endpoints.OpenApi;
using AdminConsole.Http;
using Microsoft.AspNetCore.Components.Server.Circuits;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.HttpOverrides;
using MudBlazor;
using MudBlazor.Services;

namespace AdminConsole.Startup;

/// <summary>Registers the services of the web host.</summary>
public static class ConsoleServices
{
    private const int MaxBodyBytes = 1024 * 1024;

    // Browsers send their headers at once. A client that sends them slowly occupies a connection. (Kestrel itself
    // aborts slow bodies.)
    private static readonly TimeSpan HeadersWithin = TimeSpan.FromSeconds(10);

    public static void AddConsole(this WebApplicationBuilder builder, ConsoleSettings settings)
    {
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = MaxBodyBytes;
            kestrel.Limits.RequestHeadersTimeout = HeadersWithin;
            kestrel.AddServerHeader = false;
        });

        var services = builder.Services;
        services.AddSingleton(settings);
        services.AddSingleton<GracefulShutdown>();
        services.AddSingleton<IHostLifetime>(provider => provider.GetRequiredService<GracefulShutdown>());
        services.AddSingleton(settings.AcceptedIssuer);
        services.AddSingleton(new IssuerPolicy(AllowsLoopbackHttp: builder.Environment.IsDevelopment()));
        services.AddCore(settings.Database);
        if (settings.Collector is { } collector)
        {
            services.AddHostedService(_ => new Telemetry(collector));
        }

        services.AddKeyProtection(settings.KeyCertificate);
        services.AddBreachCheck(settings.BreachService);
        services.AddMail(
            settings.Mail,
            Path.Combine(settings.DataDirectory, "mail"),
            provider => new MailLinks(() => settings.PublicUrl ?? ListeningAddress(provider))
        );
        if (settings.AuditForward is { } forward)
        {
            services.AddAuditForwarding(forward);
        }

        services.AddSchemes(settings);
        services.AddPermissionPolicies();
        services.AddSingleton<SetupGate>();
        services.AddRateLimits(settings);
        services.AddJson();
        services.AddProblemDetails();
        services.AddApiDocument();
        services.AddForwardedHeaders(settings);
        services.AddCors(cors =>
            cors.AddDefaultPolicy(policy =>
                policy.WithOrigins([.. settings.CorsOrigins]).WithHeaders("authorization", "content-type").AllowAnyMethod()
            )
        );
        services.AddHealth(settings.Database, new DataDisk(settings.DataDirectory, settings.MinimumFreeBytes));
        services.AddSingleton<IExternalScopeProvider, RequestScopes>();
        services.AddAntiforgery(options =>
        {
            options.Cookie.Name = settings.CookieName(".Form");
            options.Cookie.Path = settings.CookiePath;
            // "Always" would throw over plain HTTP, where the sign-in page must explain that the cookie cannot be set.
            // Because of the name's prefix, browsers reject it there.
            options.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
            options.SuppressXFrameOptionsHeader = true; // Set by SecurityHeaders.
        });
        services.AddSingleton(new CliArtifacts(Path.Combine(settings.DataDirectory, "cli"), Path.Combine(AppContext.BaseDirectory, "cli")));
        services.AddPages();
    }

    public static void MapHealth(this WebApplication app)
    {
        // Short-circuited before authentication. Reading a cookie queries the database, whose failure these endpoints
        // must report.
        app.MapHealthChecks("/health/live", new HealthCheckOptions { Predicate = _ => false }).AllowAnonymous().ShortCircuit();
        app.MapHealthChecks(
                "/health/ready",
                new HealthCheckOptions
                {
                    Predicate = check => check.Tags.Contains(HealthServices.Ready),
                    ResponseWriter = HealthResponseWriter.WriteAsync,
                }
            )
            .AllowAnonymous()
            .ShortCircuit();
    }

    // Used in development. Never the host of a request, because an attacker who requests another user's reset link
    // could choose where it leads.
    private static Uri ListeningAddress(IServiceProvider services)
    {
        var address =
            services.GetService<IServer>()?.Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault() ?? ServerStartup.DefaultUrl;
        var readable = address
            .Replace("//*", "//localhost", StringComparison.Ordinal)
            .Replace("//+", "//localhost", StringComparison.Ordinal);
        return Uri.TryCreate(readable, UriKind.Absolute, out var url) && url.Scheme is "http" or "https"
            ? new UriBuilder(url) { Host = url.Host is "0.0.0.0" or "[::]" ? "localhost" : url.Host }.Uri
            : new Uri(ServerStartup.DefaultUrl);
    }

    private static void AddPages(this IServiceCollection services)
    {
        services.AddRazorComponents().AddInteractiveServerComponents();
        services.AddCascadingAuthenticationState();
        services.AddMudServices(options =>
        {
            options.SnackbarConfiguration.PositionClass = Defaults.Classes.Position.BottomLeft;
            options.SnackbarConfiguration.PreventDuplicates = false;
            options.SnackbarConfiguration.ShowTransitionDuration = options.SnackbarConfiguration.HideTransitionDuration = 0;
        });
        services.AddScoped<Components.Controls.ConsoleDialogs>();
        services.AddScoped<Components.Controls.OperationRunner>();
        services.AddScoped<Components.Pages.Users.AccessLinks>();
        services.AddScoped<Components.Pages.Users.UserActions>();
        services.AddScoped<Components.Pages.Roles.RoleActions>();
        services.AddScoped<Components.Pages.Roles.RoleSaving>();
        services.AddScoped<Components.Pages.Settings.SettingsSaving>();
        services.AddScoped<Components.Pages.Providers.ProviderActions>();
        services.AddScoped<Components.Pages.Providers.ProviderRoles>();
        services.AddScoped<Components.Pages.Users.CredentialActions>();
        services.AddScoped<Components.Pages.Users.UserMenu>();
        services.AddScoped<Components.Layout.PaletteActions>();
        services.AddScoped<Components.Pages.Tokens.TokenActions>();
        services.AddScoped<Components.Pages.Account.FactorActions>();
        services.AddScoped<Components.Pages.Account.PasskeyActions>();
        services.AddScoped<Components.Pages.Account.PasskeyBrowser>();
        services.AddScoped<LostConnection>();
        services.AddScoped<CircuitHandler>(provider => provider.GetRequiredService<LostConnection>());
        services.AddSingleton<CircuitConnections>();
        services.AddSingleton<OpenStreams>();
        services.AddScoped<CircuitGuard>();
        services.AddScoped<CircuitHandler>(provider => provider.GetRequiredService<CircuitGuard>());
        services.AddScoped<CircuitHandler, CircuitActivity>();
    }

    private static void AddForwardedHeaders(this IServiceCollection services, ConsoleSettings settings) =>
        services.Configure<ForwardedHeadersOptions>(options =>
        {
            options.ForwardedHeaders = settings.KnownProxies.Count == 0 ? ForwardedHeaders.None : ForwardedHeaders.All;
            options.KnownIPNetworks.Clear();
            options.KnownProxies.Clear();
            foreach (var proxy in settings.KnownProxies)
            {
                options.KnownProxies.Add(proxy);
            }
        });
}
