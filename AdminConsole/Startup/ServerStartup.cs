using System.Globalization;
using System.Net.Sockets;
using System.Security.Cryptography;
using AdminConsole.Authentication;
using AdminConsole.Core.Authentication;
using AdminConsole.Core.Data;
using AdminConsole.Core.System;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Configuration.Json;
using Microsoft.Extensions.Configuration.Memory;
using Microsoft.Extensions.FileProviders;

namespace AdminConsole.Startup;

/// <summary>Builds, prepares and runs the program.</summary>
public static class ServerStartup
{
    internal const string DefaultUrl = "http://localhost:5080";

    private const string UnicodeIsOff =
        "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT disables Unicode normalization, so one name in two encodings would be two names. "
        + "Set it to false, and install libicu (Alpine: icu-libs icu-data-full).";

    // .NET's images for Alpine set an environment variable that overrides the project's setting. Text is then never
    // normalized.
    private static bool IsUnicodeOff => "e\u0301".IsNormalized();

    /// <summary>Runs the program. An invalid setting, or an address in use, is reported as one sentence with exit code
    /// 1, without a stack trace.</summary>
    public static async Task<int> RunAsync(Func<Task<int>> program)
    {
        UseInvariantCulture();
        try
        {
            return IsUnicodeOff ? throw new SettingsException(UnicodeIsOff) : await program();
        }
        catch (SettingsException exception)
        {
            await Console.Error.WriteLineAsync(exception.Message);
            return 1;
        }
        catch (IOException taken) when (taken.InnerException is AddressInUseException)
        {
            await Console.Error.WriteLineAsync(
                $"{taken.Message.TrimEnd('.')}. Is the server already running? Otherwise, set Urls to a free address."
            );
            return 1;
        }
        catch (SocketException closed)
        {
            await Console.Error.WriteLineAsync($"Cannot listen on an address of Urls: {closed.Message}.");
            return 1;
        }
    }

    // Programs parse dates, numbers and CSV, so the language of the machine must not change them. Texts for users are
    // in English.
    private static void UseInvariantCulture()
    {
        CultureInfo.DefaultThreadCurrentCulture = CultureInfo.DefaultThreadCurrentUICulture = CultureInfo.InvariantCulture;
        CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = CultureInfo.InvariantCulture;
    }

    /// <summary>Builds the program: reads its settings, registers its services and prepares its database. Nothing runs
    /// yet. Shared by the server and its commands.</summary>
    /// <param name="args">Settings on the command line.</param>
    /// <param name="defaults">Settings that any other source overrides.</param>
    public static async Task<WebApplication> BuildAsync(string[] args, params KeyValuePair<string, string?>[] defaults)
    {
        var builder = CreateBuilder(args);
        builder.Configuration.Sources.Insert(0, new MemoryConfigurationSource { InitialData = defaults });
        var settings = ConsoleSettings.Read(builder.Configuration, builder.Environment);
        builder.AddConsole(settings);
        builder.AddExtensions(settings.Extensions);

        var app = builder.Build();
        await app.PrepareAsync(settings);
        return app;
    }

    /// <summary>Serves until stopped. When the start fails, the workers already started are stopped in order. Otherwise
    /// each of them would report a failure.</summary>
    public static async Task ServeAsync(this WebApplication app)
    {
        await using (app)
        {
            try
            {
                await app.StartAsync();
            }
            catch
            {
                await app.StopAsync(CancellationToken.None);
                throw;
            }

            await app.WaitForShutdownAsync();
        }
    }

    /// <summary>Reads the settings without starting anything.</summary>
    internal static ConsoleSettings Read(string[] args, params KeyValuePair<string, string?>[] defaults)
    {
        var builder = CreateBuilder(args);
        builder.Configuration.Sources.Insert(0, new MemoryConfigurationSource { InitialData = defaults });
        return ConsoleSettings.Read(builder.Configuration, builder.Environment);
    }

    private static WebApplicationBuilder CreateBuilder(string[] args)
    {
        var builder = WebApplication.CreateBuilder(args);
        builder.AddLogs();
        if (builder.Environment.IsDevelopment())
        {
            // The development settings are at the root of the repository and are copied to the build output.
            builder.Configuration.Sources.Insert(
                1,
                new JsonConfigurationSource
                {
                    Path = "appsettings.Development.json",
                    FileProvider = new PhysicalFileProvider(AppContext.BaseDirectory),
                    Optional = true,
                }
            );
        }

        if (
            string.IsNullOrEmpty(builder.Configuration[WebHostDefaults.ServerUrlsKey])
            && !builder.Configuration.GetSection("Kestrel:Endpoints").GetChildren().Any()
        )
        {
            builder.WebHost.UseUrls(DefaultUrl);
        }

        return builder;
    }

    /// <summary>Prepares the database and creates the configured first administrator. While no user exists, prints how
    /// to create one.</summary>
    private static async Task PrepareAsync(this WebApplication app, ConsoleSettings settings)
    {
        PrivateFiles.Create(settings.DataDirectory, settings.Database.File);
        PrivateFiles.RestrictAccess(settings.DataDirectory, settings.Database.File, app.Logger);
        await using var scope = app.Services.CreateAsyncScope();
        try
        {
            await scope.ServiceProvider.GetRequiredService<DatabaseStartup>().RunAsync(CancellationToken.None);
        }
        catch (CryptographicException undecipherable)
        {
            throw new SettingsException(
                $"The keys in the database cannot be decrypted ({undecipherable.Message}). If a certificate protects them, "
                    + "DataProtection:Certificate has to be that one."
            );
        }
        catch (Exception exception) when (scope.ServiceProvider.GetRequiredService<AppDbContext>().Unavailable(exception) is { } refusal)
        {
            throw new SettingsException($"{refusal.Message} ({exception.GetBaseException().Message})", exception);
        }

        if (settings.Bootstrap is { } bootstrap)
        {
            var first = await scope
                .ServiceProvider.GetRequiredService<FirstAdministrator>()
                .BootstrapAsync(bootstrap.Email, bootstrap.Password, CancellationToken.None);
            if (first.Refusal is { } refusal)
            {
                throw new SettingsException($"Bootstrap:Email and Bootstrap:Password can't create an administrator: {refusal.Message}");
            }
        }

        var gate = app.Services.GetRequiredService<SetupGate>();
        if (await gate.IsOpenAsync(CancellationToken.None))
        {
            app.Lifetime.ApplicationStarted.Register(() => Announce(app, gate));
        }
    }

    // Printed for readers of the program's output. Not logged, because logs may be shipped elsewhere.
    private static void Announce(WebApplication app, SetupGate gate)
    {
        var root = app.Urls.FirstOrDefault() + app.Services.GetRequiredService<ConsoleSettings>().BasePath;
        Console.WriteLine(
            $"""

              No user exists yet. Create the first administrator at {root}/{Urls.Setup}
              From another machine it asks for this setup code: {gate.Code}

            """
        );
    }
}
