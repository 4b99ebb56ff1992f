namespace AdminConsole.Cli.Configuration;

/// <summary>Determines the server to use.</summary>
internal static class ServerAddress
{
    /// <summary>Returns the address from the command line, else from ADMINCONSOLE_SERVER, else the stored one. Returns
    /// null if there is none.</summary>
    public static Uri? Find(string? named, ConfigFolder folder) =>
        (named ?? NotEmpty(Environment.GetEnvironmentVariable("ADMINCONSOLE_SERVER")) ?? NotEmpty(folder.ReadServer())) is { } text
            ? Parse(text)
            : null;

    public static Uri Choose(string? named, ConfigFolder folder) =>
        Find(named, folder)
        ?? throw CliException.Usage(
            "No server is set.",
            "Sign in once with: adminctl login --server https://console.example.com. Or set ADMINCONSOLE_SERVER."
        );

    private static Uri Parse(string text)
    {
        var url = text.Contains("://", StringComparison.Ordinal) ? text : (IsThisMachine(text) ? "http://" : "https://") + text;
        return
            Uri.TryCreate(url.TrimEnd('/') + "/", UriKind.Absolute, out var address)
            && address is { Scheme: "http" or "https", Query: "", Fragment: "", UserInfo: "" }
            ? address
            : throw CliException.Usage($"'{text}' isn't a server address.", "It looks like https://console.example.com.");
    }

    private static bool IsThisMachine(string text) => text.Split('/')[0].Split(':')[0] is "localhost" or "127.0.0.1";

    private static string? NotEmpty(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
