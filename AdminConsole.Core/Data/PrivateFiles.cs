using System.Runtime.Versioning;
using Microsoft.Extensions.Logging;

namespace AdminConsole.Core.Data;

/// <summary>Protects the program's files from other users of the machine: the database contains the keys for cookies,
/// and emails contain working links.</summary>
public static class PrivateFiles
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode Folder = OwnerOnly | UnixFileMode.UserExecute;
    private const UnixFileMode Shared = UnixFileMode.StickyBit | UnixFileMode.SetGroup;
    private const UnixFileMode Others =
        UnixFileMode.GroupRead
        | UnixFileMode.GroupWrite
        | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead
        | UnixFileMode.OtherWrite
        | UnixFileMode.OtherExecute;

    /// <summary>Opens a file. A new file is accessible only to its owner.</summary>
    public static FileStream Open(string file, FileMode mode, FileAccess access, FileShare share, FileOptions options = FileOptions.None)
    {
        var streamOptions = new FileStreamOptions
        {
            Mode = mode,
            Access = access,
            Share = share,
            Options = options,
        };
        if (!OperatingSystem.IsWindows())
        {
            streamOptions.UnixCreateMode = OwnerOnly;
        }

        return new FileStream(file, streamOptions);
    }

    /// <summary>Creates a folder that only its owner can access, unless it exists.</summary>
    public static void CreateFolder(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            Directory.CreateDirectory(folder, Folder);
        }
    }

    /// <summary>Creates the data directory and, on SQLite, an empty database. SQLite gives its companion files the same
    /// mode.</summary>
    public static void Create(string folder, string? database)
    {
        CreateFolder(folder);
        if (database is null || File.Exists(database))
        {
            return;
        }

        try
        {
            Open(database, FileMode.CreateNew, FileAccess.Write, FileShare.ReadWrite).Dispose();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // Another process created it first, or opening the database reports the error.
        }
    }

    /// <summary>Removes other users' access to the data directory and the files stored in it. A failure is only logged
    /// as a warning.</summary>
    public static void RestrictAccess(string folder, string? database, ILogger log)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var tightened = 0;
        var open = new List<string>();
        foreach (var path in Stored(folder, database))
        {
            var isTight = TryTighten(path);
            tightened += isTight == true ? 1 : 0;
            if (isTight == false)
            {
                open.Add(path);
            }
        }

        if (tightened > 0)
        {
            log.LogInformation(
                "Other users of this machine had access to {Count} files and folders in {Folder}. Their access was removed.",
                tightened,
                folder
            );
        }

        if (open.Count > 0)
        {
            log.LogWarning(
                "Other users of this machine have access to {Paths}, and the permissions could not be changed. Restrict "
                    + "access to the user that runs this program.",
                string.Join(", ", open)
            );
        }
    }

    // Null when no other user had access.
    [UnsupportedOSPlatform("windows")]
    private static bool? TryTighten(string path)
    {
        try
        {
            var mode = File.GetUnixFileMode(path);
            if ((mode & Others) == UnixFileMode.None)
            {
                return null;
            }

            // A shared folder such as /tmp, which other users need.
            if ((mode & Shared) != UnixFileMode.None)
            {
                return false;
            }

            File.SetUnixFileMode(path, mode & ~Others);
            return (File.GetUnixFileMode(path) & Others) == UnixFileMode.None;
        }
        catch (FileNotFoundException)
        {
            return null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static IEnumerable<string> Stored(string folder, string? database)
    {
        var mails = Path.Combine(folder, "mail");
        return
        [
            .. Directory.Exists(folder) ? [folder] : Array.Empty<string>(),
            .. database is not null ? FilesOf(Path.GetDirectoryName(database)!, $"{Path.GetFileName(database)}*") : [],
            .. Directory.Exists(mails) ? [mails, .. FilesOf(mails, "*.eml")] : Array.Empty<string>(),
        ];
    }

    private static string[] FilesOf(string folder, string pattern)
    {
        try
        {
            return Directory.GetFiles(folder, pattern);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // Missing, or not accessible to this program either.
            return [];
        }
    }
}
