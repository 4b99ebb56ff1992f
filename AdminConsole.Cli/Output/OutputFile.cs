using System.Globalization;
using System.Security.Cryptography;

namespace AdminConsole.Cli.Output;

/// <summary>A file that is written completely or not at all. The data is written to a file with a random name in the
/// same folder, which <see cref="Commit"/> renames. Links are followed, and the mode of an existing file is preserved;
/// only the owner can read a new file. Pipes and devices cannot be replaced, so they are written directly.</summary>
internal sealed class OutputFile : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private static readonly string[] Descriptors = ["/dev/fd/", "/proc/self/fd/"];

    private readonly string destination;
    private readonly string? temporary;

    private OutputFile(Stream stream, string destination, string? temporary = null) =>
        (Stream, this.destination, this.temporary) = (stream, destination, temporary);

    public Stream Stream { get; }

    /// <summary>Opens a file for writing.</summary>
    /// <param name="file">The path of the file.</param>
    /// <param name="isSecret">True if only the owner may read the file, whatever the mode of an existing file.</param>
    public static OutputFile Open(string file, bool isSecret = false)
    {
        if (DescriptorOf(file) is { } descriptor && !OperatingSystem.IsWindows())
        {
            return new OutputFile(new StandardOutput(descriptor), file);
        }

        var target = FileSystem.Resolve(file);
        if (Directory.Exists(target))
        {
            throw new IOException($"{file} is a folder.");
        }

        var mode = OwnerOnly;
        if (File.Exists(target))
        {
            // This also fails if the file must not be written: permission to replace a file is not permission to change
            // it.
            var existing = new FileStream(
                target,
                new FileStreamOptions
                {
                    Mode = FileMode.Open,
                    Access = FileAccess.Write,
                    Share = FileShare.ReadWrite,
                    BufferSize = 0,
                }
            );
            if (!FileSystem.IsRegular(target))
            {
                return new OutputFile(existing, target);
            }

            existing.Dispose();
            mode = isSecret || OperatingSystem.IsWindows() ? OwnerOnly : File.GetUnixFileMode(target);
        }

        var draft = Path.Combine(Path.GetDirectoryName(target)!, $".adminctl-{RandomNumberGenerator.GetHexString(16, lowercase: true)}");
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            Share = FileShare.None,
        };
        if (OperatingSystem.IsWindows())
        {
            return new OutputFile(new FileStream(draft, options), target, draft);
        }

        options.UnixCreateMode = OwnerOnly;
        var output = new OutputFile(new FileStream(draft, options), target, draft);
        File.SetUnixFileMode(draft, mode);
        return output;
    }

    /// <summary>Replaces the file with the written data.</summary>
    public void Commit()
    {
        if (temporary is null)
        {
            Stream.Flush();
            return;
        }

        ((FileStream)Stream).Flush(flushToDisk: true);
        Stream.Dispose();
        File.Move(temporary, destination, overwrite: true);
    }

    public void Dispose()
    {
        try
        {
            // Flushes buffered data, which fails again if a write failed before.
            Stream.Dispose();
        }
        finally
        {
            if (temporary is not null)
            {
                File.Delete(temporary);
            }
        }
    }

    // If a redirected file were opened again by its name, it would be overwritten from the beginning.
    private static int? DescriptorOf(string file) =>
        file switch
        {
            "/dev/stdout" => 1,
            "/dev/stderr" => 2,
            _ => Array.Find(Descriptors, folder => file.StartsWith(folder, StringComparison.Ordinal)) is { } folder
            && int.TryParse(file.AsSpan(folder.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var descriptor)
                ? descriptor
                : null,
        };
}
