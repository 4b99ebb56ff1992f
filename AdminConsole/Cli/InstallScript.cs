using AdminConsole.Core.Cli;

namespace AdminConsole.Cli;

/// <summary>Renders install.sh (the template beside this file) for one server, with its URL and the checksums of its
/// builds.</summary>
public static class InstallScript
{
    private static readonly string Template = Read();

    public static string For(Uri server, IReadOnlyList<CliArtifact> artifacts)
    {
        var package = artifacts.FirstOrDefault(artifact => artifact.Os == CliArtifact.Any);
        var builds = artifacts
            .Where(artifact => artifact.Os != CliArtifact.Any)
            .Select(artifact => $"        {artifact.Os}-{artifact.Arch}) sum={artifact.Sha256} ;;\n");
        return Template
            .Replace("        @BUILDS@\n", string.Concat(builds), StringComparison.Ordinal)
            .Replace("@PACKAGE_SUM@", package?.Sha256, StringComparison.Ordinal)
            .Replace("@PACKAGE_VERSION@", package?.Version, StringComparison.Ordinal)
            // Replaced last, because the URL must not be searched for placeholders.
            .Replace("@SERVER@", Quote(Root(server)), StringComparison.Ordinal);
    }

    /// <summary>Returns the URL that paths are appended to, with a trailing slash.</summary>
    public static string Root(Uri server) => server.AbsoluteUri.TrimEnd('/') + "/";

    /// <summary>Quotes a text as one word of a POSIX shell.</summary>
    public static string Quote(string text) => $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    private static string Read()
    {
        using var resource = typeof(InstallScript).Assembly.GetManifestResourceStream("install.sh")!;
        using var reader = new StreamReader(resource);
        return reader.ReadToEnd();
    }
}
