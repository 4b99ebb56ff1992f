using System.Text;
using AdminConsole.Cli.Output;

namespace AdminConsole.Cli.Configuration;

/// <summary>Where this program keeps what it remembers: <c>$XDG_CONFIG_HOME/adminconsole </c>, otherwise
/// <c>~/.config/adminconsole </c>. </summary>
internal sealed class ConfigFolder(string path)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    public string CredentialsFile => Path.Combine(path, "credentials.json");

    public string LockFile => Path.Combine(path, "credentials.lock");

    /// <summary>One line: the address of the server that is meant where none is named. The install script writes
    /// it.</summary>
    private string ServerFile => Path.Combine(path, "server");

    public static ConfigFolder OfUser()
    {
        var configuration =
            Environment.GetEnvironmentVariable("XDG_CONFIG_HOME") is { } named && Path.IsPathFullyQualified(named) ? named
            : OperatingSystem.IsWindows() ? Environment.GetFolderPath(Environment.SpecialFolder.ApplicationData)
            : Path.Combine(
                Environment.GetFolderPath(Environment.SpecialFolder.UserProfile, Environment.SpecialFolderOption.DoNotVerify),
                ".config"
            );
        return new ConfigFolder(Path.Combine(configuration, "adminconsole"));
    }

    public string? ReadServer() => File.Exists(ServerFile) ? File.ReadAllText(ServerFile).Trim() : null;

    public void WriteServer(Uri server) => Replace(ServerFile, $"{server}\n");

    /// <summary>Replaces a file in one step: nobody reads half of it, nobody else reads it at all, and a crash leaves
    /// the old one or the new one.</summary>
    public void Replace(string file, string text)
    {
        Create();
        using var output = OutputFile.Open(file, isSecret: true);
        output.Stream.Write(Encoding.UTF8.GetBytes(text));
        output.Commit();
    }

    /// <summary>Waits until no other process holds the lock; it ends with the process, however that ends.</summary>
    public async Task<IDisposable> LockAsync(CancellationToken ct)
    {
        Create();
        for (var tries = 0; ; tries++)
        {
            try
            {
                return Open(LockFile);
            }
            catch (IOException) when (tries < 3000)
            {
                await Task.Delay(20, ct);
            }
        }
    }

    private static FileStream Open(string file)
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.OpenOrCreate,
            Access = FileAccess.ReadWrite,
            Share = FileShare.None,
        };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnly;
        }

        return new FileStream(file, options);
    }

    private void Create()
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            Directory.CreateDirectory(path, OwnerOnly | UnixFileMode.UserExecute);
        }
    }
}
