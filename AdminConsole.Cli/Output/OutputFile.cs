using System.Globalization;
using System.Security.Cryptography;

namespace AdminConsole.Cli.Output;

/// <summary>
/// A file that is written as a whole or not at all: beside the target under a random name, and renamed by
/// <see cref="Commit"/>. Links are followed
/// and the mode of an existing file is kept; a new one is for its owner only. Pipes and devices can't be replaced, so
/// they are written directly.
/// </summary>
internal sealed class OutputFile : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private static readonly string[] Descriptors = ["/dev/fd/", "/proc/self/fd/"];

    private readonly string destination;
    private readonly string? temporary;

    private OutputFile(Stream stream, string destination, string? temporary = null) =>
        (Stream, this.destination, this.temporary) = (stream, destination, temporary);

    public Stream Stream { get; }

    /// <summary>Opens it for writing.</summary>
    /// <param name="file">Where it shall be.</param>
    /// <param name="isSecret">True where it is for its owner only, whatever the mode of an existing file.</param>
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
            // Also fails where the file may not be written: that it may be replaced is no permission to.
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

    /// <summary>Puts what was written in the target's place.</summary>
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
            // Writes what is still buffered, which fails again where it failed before.
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

    // Opened by its name again, a file that output was redirected to would be written from its beginning.
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
