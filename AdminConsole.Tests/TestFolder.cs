namespace AdminConsole.Tests;

/// <summary>Folders for test databases, in memory if Linux has such a file system with room, because none outlives its
/// test. <c>ADMINCONSOLE_TEST_FOLDER</c> names another place.</summary>
internal static class TestFolder
{
    private const string Memory = "/dev/shm";
    private const long EnoughBytes = 4L * 1024 * 1024 * 1024;

    private static readonly string Parent =
        Environment.GetEnvironmentVariable("ADMINCONSOLE_TEST_FOLDER") is { Length: > 0 } given ? given
        : Directory.Exists(Memory) && new DriveInfo(Memory).AvailableFreeSpace > EnoughBytes ? Memory
        : Path.GetTempPath();

    /// <summary>Creates a folder that only its owner can read.</summary>
    public static string Create(string prefix)
    {
        var folder = Path.Combine(Parent, prefix + Guid.CreateVersion7().ToString("N"));
        if (OperatingSystem.IsWindows())
        {
            return Directory.CreateDirectory(folder).FullName;
        }

        return Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute).FullName;
    }
}
