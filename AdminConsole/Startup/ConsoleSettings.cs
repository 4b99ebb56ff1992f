using System.Net;
using System.Security.Cryptography.X509Certificates;
using AdminConsole.Core.Audit;
using AdminConsole.Core.Common;
using AdminConsole.Core.Email;
using AdminConsole.Core.Identity.Passwords;

namespace AdminConsole.Startup;

/// <summary>What the configuration says, validated at start: a wrong value stops the program with a sentence that names
/// it.</summary>
public sealed record ConsoleSettings
{
    public required bool IsDevelopment { get; init; }

    /// <summary>Base of links in mails and metadata; null in development, where the request's own address
    /// serves.</summary>
    public required Uri? PublicUrl { get; init; }

    /// <summary>True where cookies are only ever sent over https; in development they follow the request.</summary>
    public required bool SecureCookies { get; init; }

    /// <summary>The path of <see cref="PublicUrl"/> that everything is served below, such as <c>/console </c>; empty
    /// where it has none.</summary>
    public string BasePath => PublicUrl is null ? "" : PublicUrl.AbsolutePath.TrimEnd('/');

    /// <summary>Other programs of the same host are not sent the cookies.</summary>
    public string CookiePath => BasePath is { Length: > 0 } path ? path : "/";

    public string SessionCookieName => CookieName("");

    /// <summary>A name that browsers only take over https, where cookies are only sent over it, and for the whole host
    /// only where it has the path / (RFC 6265bis, 4.1.3).</summary>
    public string CookieName(string suffix) =>
        (
            SecureCookies
                ? BasePath.Length == 0
                    ? "__Host-"
                    : "__Secure-"
                : ""
        )
        + "AdminConsole"
        + suffix;

    public required string DataDirectory { get; init; }

    /// <summary>How many bytes should be free where the data is.</summary>
    public required long MinimumFreeBytes { get; init; }

    public required DatabaseOptions Database { get; init; }

    public required (string Email, string Password)? Bootstrap { get; init; }

    /// <summary>Proxies whose forwarded headers are believed.</summary>
    public required IReadOnlyList<IPAddress> KnownProxies { get; init; }

    /// <summary>From the signal to end to the end of answering.</summary>
    public required TimeSpan DrainFor { get; init; }

    /// <summary>Sign-ins per minute and address; 0 switches the limit off.</summary>
    public required int SignInPerMinute { get; init; }

    /// <summary>Requests for tokens and revocations per minute and address; 0 switches the limit off.</summary>
    public required int TokensPerMinute { get; init; }

    /// <summary>Pages that one user may have open at the same time; 0 switches the limit off.</summary>
    public required int OpenPagesPerUser { get; init; }

    /// <summary>Streams of audit events that one user may follow at the same time; 0 switches the limit off.</summary>
    public required int OpenStreamsPerUser { get; init; }

    /// <summary>Files of assemblies that register services.</summary>
    public required IReadOnlyList<string> Extensions { get; init; }

    /// <summary>Browser origins that may call the API with a bearer token; never with cookies.</summary>
    public required IReadOnlyList<string> CorsOrigins { get; init; }

    /// <summary>Where audit events are forwarded to; null where they are not.</summary>
    public required ForwardTarget? AuditForward { get; init; }

    /// <summary>The mail server; null where mails are written to files in the data directory.</summary>
    public required SmtpOptions? Mail { get; init; }

    /// <summary>Who is asked whether a password is in a known breach.</summary>
    public required BreachService BreachService { get; init; }

    /// <summary>What data protection's keys are encrypted with; null where they are not.</summary>
    public required X509Certificate2? KeyCertificate { get; init; }

    /// <summary>The collector of metrics and traces; null where nobody collects them.</summary>
    public required Uri? Collector { get; init; }

    /// <summary>The address that links begin with.</summary>
    public Uri RootOf(HttpContext context) =>
        PublicUrl ?? new Uri($"{context.Request.Scheme}://{context.Request.Host}{context.Request.PathBase}/");

    /// <summary>The same without a slash at its end, as access tokens name it.</summary>
    public AdminConsole.Core.OAuth.Issuer IssuerOf(HttpContext context) => new(WithoutSlash(RootOf(context)));

    /// <summary>Whose access tokens count; in development the address may be any that leads here.</summary>
    public AdminConsole.Core.OAuth.AcceptedIssuer AcceptedIssuer => new(PublicUrl is null ? null : WithoutSlash(PublicUrl));

    public static ConsoleSettings Read(IConfiguration configuration, IHostEnvironment environment)
    {
        var development = environment.IsDevelopment();
        CheckUrls(configuration);
        var directory = Path.GetFullPath(configuration["DataDirectory"] ?? "App_Data", environment.ContentRootPath);
        var database = ReadDatabase(configuration, directory);
        return new ConsoleSettings
        {
            IsDevelopment = development,
            PublicUrl = ReadPublicUrl(configuration, development),
            SecureCookies = Read(configuration, "Cookies:Secure", !development, bool.TryParse, "true or false"),
            DataDirectory = directory,
            MinimumFreeBytes =
                Read<int>(configuration, "Health:MinimumFreeMegabytes", 256, IsNatural, "a number, 0 or more") * 1024L * 1024L,
            Database = database,
            Bootstrap = ReadBootstrap(configuration),
            KnownProxies =
            [
                .. Listed(configuration, "Proxies:Known")
                    .Select(text =>
                        IPAddress.TryParse(text, out var address)
                            ? address
                            : throw new SettingsException($"Proxies:Known lists addresses; '{text}' is none.")
                    ),
            ],
            // Where there is no other node, nobody would answer the sooner for it.
            DrainFor = TimeSpan.FromSeconds(
                Read<int>(
                    configuration,
                    "Shutdown:DrainSeconds",
                    development || database.File is not null ? 0 : 5,
                    IsWithinAnHour,
                    "a number of seconds, 0 to 3600"
                )
            ),
            SignInPerMinute = Read<int>(configuration, "RateLimits:SignInPerMinute", 30, IsNatural, "a number, 0 or more"),
            TokensPerMinute = Read<int>(configuration, "RateLimits:TokensPerMinute", 600, IsNatural, "a number, 0 or more"),
            OpenPagesPerUser = Read<int>(configuration, "RateLimits:OpenPages", 100, IsNatural, "a number, 0 or more"),
            OpenStreamsPerUser = Read<int>(configuration, "RateLimits:OpenStreams", 20, IsNatural, "a number, 0 or more"),
            Extensions = [.. Listed(configuration, "Extensions").Select(file => Path.GetFullPath(file, environment.ContentRootPath))],
            CorsOrigins =
            [
                .. Listed(configuration, "Cors:Origins")
                    .Select(text =>
                        Uri.TryCreate(text, UriKind.Absolute, out var origin) && origin.GetLeftPart(UriPartial.Authority) == text
                            ? text
                            : throw new SettingsException($"Cors:Origins lists origins such as https://app.example.com; '{text}' is none.")
                    ),
            ],
            AuditForward = ForwardTargets.Read(configuration, environment.ContentRootPath),
            Collector = ReadAddress(configuration, "Telemetry:OtlpEndpoint"),
            KeyCertificate = KeyProtection.Read(configuration, environment.ContentRootPath),
            BreachService = ReadBreachService(configuration),
            Mail = MailSettings.Read(configuration, environment.ContentRootPath),
        };
    }

    private static string WithoutSlash(Uri url) => url.GetLeftPart(UriPartial.Path).TrimEnd('/');

    private delegate bool TryParse<T>(string text, out T value);

    private static T Read<T>(IConfiguration configuration, string key, T fallback, TryParse<T> parse, string expected) =>
        configuration[key] is not { Length: > 0 } text ? fallback
        : parse(text, out var value) ? value
        : throw new SettingsException($"{key} must be {expected}, not '{text}'.");

    private static bool IsDefined(string text, out DatabaseProvider value) =>
        Enum.TryParse(text, ignoreCase: true, out value) && Enum.IsDefined(value);

    private static bool IsNatural(string text, out int value) => int.TryParse(text, out value) && value >= 0;

    private static bool IsWithinAnHour(string text, out int value) => IsNatural(text, out value) && value <= 3600;

    private static string[] Listed(IConfiguration configuration, string key) =>
        (configuration[key] ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static Uri? ReadPublicUrl(IConfiguration configuration, bool development)
    {
        if (configuration["PublicUrl"] is not { Length: > 0 } text)
        {
            return development
                ? null
                : throw new SettingsException(
                    "PublicUrl is missing: set the address people reach this console at, such as https://console.example.com."
                );
        }

        return
            Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" && url.Query == "" && url.Fragment == ""
            ? url
            : throw new SettingsException($"PublicUrl must be an http or https address, not '{text}'.");
    }

    // Empty switches it off.
    private static BreachService ReadBreachService(IConfiguration configuration) =>
        new(
            configuration["Passwords:BreachService"] is null ? BreachService.Public : ReadAddress(configuration, "Passwords:BreachService")
        );

    private static Uri? ReadAddress(IConfiguration configuration, string key) =>
        configuration[key] is not { Length: > 0 } text ? null
        : Uri.TryCreate(text.TrimEnd('/') + '/', UriKind.Absolute, out var address) && address.Scheme is "http" or "https" ? address
        : throw new SettingsException($"{key} must be an http or https address, or empty, not '{text}'.");

    private static DatabaseOptions ReadDatabase(IConfiguration configuration, string directory)
    {
        var provider = Read(configuration, "Database:Provider", DatabaseProvider.Sqlite, IsDefined, "Sqlite or PostgreSQL");
        var connection = configuration.GetConnectionString("Console");
        return provider == DatabaseProvider.PostgreSQL && string.IsNullOrEmpty(connection)
            ? throw new SettingsException(
                "ConnectionStrings:Console is missing: PostgreSQL needs one, such as Host=localhost;Database=console;Username=console."
            )
            : Checked(
                new DatabaseOptions(
                    provider,
                    string.IsNullOrEmpty(connection) ? $"Data Source={Path.Combine(directory, "console.db")}" : connection
                )
            );
    }

    private static DatabaseOptions Checked(DatabaseOptions database) =>
        database.Problem is { } problem ? throw new SettingsException($"ConnectionStrings:Console cannot be read: {problem}") : database;

    private static void CheckUrls(IConfiguration configuration)
    {
        foreach (
            var text in (configuration[WebHostDefaults.ServerUrlsKey] ?? "").Split(
                ';',
                StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries
            )
        )
        {
            // Kestrel would take what it cannot read for a host name, and listen on every address at port 80.
            var readable = text.Replace("//*", "//any", StringComparison.Ordinal).Replace("//+", "//any", StringComparison.Ordinal);
            if (
                !text.StartsWith("http://unix:/", StringComparison.Ordinal)
                && !(Uri.TryCreate(readable, UriKind.Absolute, out var url) && url.Scheme is "http" or "https")
            )
            {
                throw new SettingsException($"Urls lists addresses to listen at, such as http://localhost:5080; '{text}' is none.");
            }
        }
    }

    private static (string Email, string Password)? ReadBootstrap(IConfiguration configuration) =>
        (configuration["Bootstrap:Email"], configuration["Bootstrap:Password"]) switch
        {
            (null or "", null or "") => null,
            ({ Length: > 0 } email, { Length: > 0 } password) => (email, password),
            _ => throw new SettingsException("Bootstrap:Email and Bootstrap:Password go together; one of them is missing."),
        };
}

/// <summary>A setting that the program cannot start with; the message names it.</summary>
public sealed class SettingsException : Exception
{
    public SettingsException(string message, Exception? cause = null)
        : base(message, cause) { }
}
