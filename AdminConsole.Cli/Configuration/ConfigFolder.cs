using System.Text;
using AdminConsole.Cli.Output;

namespace AdminConsole.Cli.Configuration;

/// <summary>The folder of this program's files: <c>$XDG_CONFIG_HOME/adminconsole</c>, otherwise
/// <c>~/.config/adminconsole</c>. On Windows without that variable, it is in the user's application data.</summary>
internal sealed class ConfigFolder(string path)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    public string CredentialsFile => Path.Combine(path, "credentials.json");

    public string LockFile => Path.Combine(path, "credentials.lock");

    /// <summary>One line: the address of the default server. The install script writes it.</summary>
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

    /// <summary>Replaces a file atomically. Only its owner can read it, and a crash leaves either the old or the new
    /// file.</summary>
    public void Replace(string file, string text)
    {
        Create();
        using var output = OutputFile.Open(file, isSecret: true);
        output.Stream.Write(Encoding.UTF8.GetBytes(text));
        output.Commit();
    }

    /// <summary>Waits until no other process has the lock. The lock ends with the process, even if it crashes. Throws
    /// an <see cref="IOException"/> after about a minute.</summary>
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
