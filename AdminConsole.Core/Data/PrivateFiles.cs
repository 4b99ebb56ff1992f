using System.Runtime.Versioning;
using Microsoft.Extensions.Logging;

namespace AdminConsole.Core.Data;

/// <summary>Keeps the files of this program from other users of the machine: the database has the keys for cookies in
/// it, and mails have working links.</summary>
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

    /// <summary>Opens a file; one that is made by it is for its owner only.</summary>
    public static FileStream Open(string file, FileMode mode, FileAccess access, FileShare share, FileOptions options = FileOptions.None)
    {
        var how = new FileStreamOptions
        {
            Mode = mode,
            Access = access,
            Share = share,
            Options = options,
        };
        if (!OperatingSystem.IsWindows())
        {
            how.UnixCreateMode = OwnerOnly;
        }

        return new FileStream(file, how);
    }

    /// <summary>Makes a folder for its owner only, unless it exists.</summary>
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

    /// <summary>Makes the data directory and, on SQLite, an empty database. SQLite gives the files beside it the same
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
            // Another process was first, or opening it says what is wrong.
        }
    }

    /// <summary>Takes the data directory and what is stored in it away from other users. Only logs a warning where that
    /// can't be done.</summary>
    public static void Tighten(string folder, string? database, ILogger log)
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
                "Other users of this machine had access to {Count} files and folders of {Folder}. They have no longer.",
                tightened,
                folder
            );
        }

        if (open.Count > 0)
        {
            log.LogWarning(
                "Other users of this machine have access to {Paths}, and the permissions could not be changed. Make them "
                    + "readable for this program's user only.",
                string.Join(", ", open)
            );
        }
    }

    // Null where nobody else had access.
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

            // Such as /tmp, which others need.
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
            // Not there, or closed to this program too.
            return [];
        }
    }
}
