using System.Runtime.InteropServices;

namespace AdminConsole.Cli.Output;

/// <summary>File operations that .NET does not provide.</summary>
internal static partial class FileSystem
{
    private const int CurrentFolder = -100;
    private const uint StatType = 1;
    private const int TypeBits = 0xF000;
    private const int RegularType = 0x8000;

    private const int MaxLinks = 40;

    /// <summary>Resolves a path through all symbolic links. The file need not exist.</summary>
    public static string Resolve(string file, int links = 0)
    {
        if (OperatingSystem.IsWindows())
        {
            return File.ResolveLinkTarget(file, returnFinalTarget: true)?.FullName ?? Path.GetFullPath(file);
        }

        if (links > MaxLinks)
        {
            throw new IOException($"Too many levels of links: {file}");
        }

        // Resolved by the operating system, not by text: ".." after a linked folder leads to the parent of the link's
        // target.
        if (RealPath(file) is { } existing)
        {
            return existing;
        }

        var (folder, missing) = (FolderOf(file), Path.Combine(FolderOf(file), Path.GetFileName(file)));
        return new FileInfo(missing).LinkTarget is { } target ? Resolve(Path.Combine(folder, target), links + 1) : missing;
    }

    /// <summary>Returns false for pipes, sockets and devices.</summary>
    public static bool IsRegular(string file)
    {
        if (OperatingSystem.IsLinux())
        {
            return statx(CurrentFolder, file, 0, StatType, out var status) != 0 || (status.Mode & TypeBits) == RegularType;
        }

        return !file.StartsWith("/dev/", StringComparison.Ordinal);
    }

    private static string FolderOf(string file)
    {
        var folder = Path.GetDirectoryName(file) is { Length: > 0 } named ? named : ".";
        return RealPath(folder) ?? Path.GetFullPath(folder);
    }

    private static string? RealPath(string path)
    {
        var resolved = realpath(path, 0);
        try
        {
            return Marshal.PtrToStringUTF8(resolved);
        }
        finally
        {
            free(resolved);
        }
    }

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint realpath(string path, nint buffer);

    [LibraryImport("libc")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial void free(nint memory);

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int statx(int folder, string path, int flags, uint mask, out Status status);

    // struct statx has the same layout on every architecture.
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct Status
    {
        [FieldOffset(28)]
        public ushort Mode;
    }
}
