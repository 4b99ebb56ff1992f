using System.Runtime.InteropServices;

namespace AdminConsole.Cli.Output;

/// <summary>Thrown when output cannot be written. A closed pipe is not reported as an error, because the reader needs
/// no more output.</summary>
internal sealed class OutputException(string reason, bool isReaderGone) : Exception($"The output could not be written: {reason}.")
{
    public bool IsReaderGone => isReaderGone;
}

/// <summary>A stream for a file descriptor that reports every failed write, including a closed pipe. Console's stream
/// ignores a closed pipe, so a command that runs until canceled would not stop. FileStream reports it, but writes at
/// positions and therefore overwrites the output of other processes to the same file.</summary>
internal sealed partial class StandardOutput(int descriptor) : Stream
{
    private const int Interrupted = 4;
    private const int BrokenPipe = 32;
    private const short CanBeWritten = 4;

    private static readonly int WouldBlock = OperatingSystem.IsLinux() ? 11 : 35;

    private bool hasFailed;

    public override bool CanRead => false;
    public override bool CanSeek => false;
    public override bool CanWrite => true;
    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public static Stream Open() => OperatingSystem.IsWindows() ? Console.OpenStandardOutput() : new StandardOutput(1);

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        // Report a failure once: buffered data is written again later, also on disposal.
        while (!buffer.IsEmpty && !hasFailed)
        {
            var written = write(descriptor, buffer, buffer.Length);
            if (written >= 0)
            {
                buffer = buffer[(int)written..];
                continue;
            }

            var error = Marshal.GetLastPInvokeError();
            if (error == WouldBlock)
            {
                var waiting = new Poll { Descriptor = descriptor, Events = CanBeWritten };
                _ = poll(ref waiting, 1, -1);
            }
            else if (error != Interrupted)
            {
                hasFailed = true;
                throw new OutputException(Marshal.GetLastPInvokeErrorMessage(), error == BrokenPipe);
            }
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush() { }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    [LibraryImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint write(int descriptor, ReadOnlySpan<byte> buffer, nint count);

    [LibraryImport("libc")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int poll(ref Poll descriptors, nuint count, int timeout);

    [StructLayout(LayoutKind.Sequential)]
    private struct Poll
    {
        public int Descriptor;
        public short Events;
        public short Returned;
    }
}
