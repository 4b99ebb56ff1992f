using System.Net;
using System.Security.Cryptography.X509Certificates;
using AdminConsole.Core.Audit;
using AdminConsole.Core.Common;
using AdminConsole.Core.Email;
using AdminConsole.Core.Identity.Passwords;

namespace AdminConsole.Startup;

/// <summary>The configuration of the server, validated at startup. An invalid value stops the program with a message
/// that names it.</summary>
public sealed record ConsoleSettings
{
    public required bool IsDevelopment { get; init; }

    /// <summary>The base URL of links in emails and metadata. Null in development, where the URL of the request is
    /// used.</summary>
    public required Uri? PublicUrl { get; init; }

    /// <summary>True when cookies are sent over HTTPS only. In development they follow the request.</summary>
    public required bool SecureCookies { get; init; }

    /// <summary>The path of <see cref="PublicUrl"/> below which everything is served, such as <c>/console</c>. Empty
    /// when it has none.</summary>
    public string BasePath => PublicUrl is null ? "" : PublicUrl.AbsolutePath.TrimEnd('/');

    /// <summary>The path of all cookies. It keeps them from other programs of the same host.</summary>
    public string CookiePath => BasePath is { Length: > 0 } path ? path : "/";

    public string SessionCookieName => CookieName("");

    /// <summary>Returns the name of a cookie, with a prefix when cookies are secure (RFC 6265bis, 4.1.3). Browsers
    /// accept <c>__Secure-</c> over HTTPS only, and <c>__Host-</c> also requires the path / and binds the cookie to the
    /// host.</summary>
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

    /// <summary>The free space, in bytes, that the disk of the data directory should have.</summary>
    public required long MinimumFreeBytes { get; init; }

    public required DatabaseOptions Database { get; init; }

    public required (string Email, string Password)? Bootstrap { get; init; }

    /// <summary>Proxies whose forwarded headers are trusted.</summary>
    public required IReadOnlyList<IPAddress> KnownProxies { get; init; }

    /// <summary>How long the server keeps accepting requests after a stop signal.</summary>
    public required TimeSpan DrainTimeout { get; init; }

    /// <summary>Sign-ins per minute and IP address; 0 disables the limit.</summary>
    public required int SignInPerMinute { get; init; }

    /// <summary>Token requests and revocations per minute and IP address; 0 disables the limit.</summary>
    public required int TokensPerMinute { get; init; }

    /// <summary>Pages that one user may have open at the same time; 0 disables the limit.</summary>
    public required int OpenPagesPerUser { get; init; }

    /// <summary>Audit event streams that one user may have open at the same time; 0 disables the limit.</summary>
    public required int OpenStreamsPerUser { get; init; }

    /// <summary>Files of assemblies that register services.</summary>
    public required IReadOnlyList<string> Extensions { get; init; }

    /// <summary>Browser origins that may call the API with a bearer token, never with cookies.</summary>
    public required IReadOnlyList<string> CorsOrigins { get; init; }

    /// <summary>The target that audit events are forwarded to, or null.</summary>
    public required ForwardTarget? AuditForward { get; init; }

    /// <summary>The mail server. Null when emails are written to files in the data directory.</summary>
    public required SmtpOptions? Mail { get; init; }

    /// <summary>The service that checks whether a password is in a known breach.</summary>
    public required BreachService BreachService { get; init; }

    /// <summary>The certificate that encrypts the keys of data protection. Null when they are not encrypted.</summary>
    public required X509Certificate2? KeyCertificate { get; init; }

    /// <summary>The collector of metrics and traces, or null.</summary>
    public required Uri? Collector { get; init; }

    /// <summary>Returns the base URL of links.</summary>
    public Uri RootOf(HttpContext context) =>
        PublicUrl ?? new Uri($"{context.Request.Scheme}://{context.Request.Host}{context.Request.PathBase}/");

    /// <summary>Returns the issuer of access tokens: the base URL without a trailing slash.</summary>
    public AdminConsole.Core.OAuth.Issuer IssuerOf(HttpContext context) => new(WithoutSlash(RootOf(context)));

    /// <summary>The issuer whose access tokens are accepted. In development the server may be reached at any URL, so
    /// any issuer is accepted.</summary>
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
                            : throw new SettingsException($"Proxies:Known must list IP addresses; '{text}' is not one.")
                    ),
            ],
            // A single node has no other node to take over its requests, so draining gains nothing.
            DrainTimeout = TimeSpan.FromSeconds(
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
                            : throw new SettingsException($"Cors:Origins must list origins such as https://app.example.com, not '{text}'.")
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
                    "PublicUrl is missing: set the address of this console, such as https://console.example.com."
                );
        }

        return Uri.TryCreate(text, UriKind.Absolute, out var url) && url is { Scheme: "http" or "https", Query: "", Fragment: "" }
            ? url
            : throw new SettingsException($"PublicUrl must be an http or https address, not '{text}'.");
    }

    // An empty value disables the check.
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
            // Kestrel would treat an unreadable URL as a host name, and listen on all addresses at port 80.
            var readable = text.Replace("//*", "//any", StringComparison.Ordinal).Replace("//+", "//any", StringComparison.Ordinal);
            if (
                !text.StartsWith("http://unix:/", StringComparison.Ordinal)
                && !(Uri.TryCreate(readable, UriKind.Absolute, out var url) && url.Scheme is "http" or "https")
            )
            {
                throw new SettingsException($"Urls must list addresses such as http://localhost:5080, not '{text}'.");
            }
        }
    }

    private static (string Email, string Password)? ReadBootstrap(IConfiguration configuration) =>
        (configuration["Bootstrap:Email"], configuration["Bootstrap:Password"]) switch
        {
            (null or "", null or "") => null,
            ({ Length: > 0 } email, { Length: > 0 } password) => (email, password),
            _ => throw new SettingsException("Bootstrap:Email and Bootstrap:Password must be set together. One of them is missing."),
        };
}

/// <summary>An invalid setting that prevents the start. The message names the setting.</summary>
public sealed class SettingsException : Exception
{
    public SettingsException(string message, Exception? cause = null)
        : base(message, cause) { }
}
