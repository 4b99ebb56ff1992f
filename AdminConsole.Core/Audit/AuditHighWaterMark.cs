using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using AdminConsole.Core.Common;
using AdminConsole.Core.Data;
using Microsoft.Extensions.Logging;
using Microsoft.Win32.SafeHandles;

namespace AdminConsole.Core.Audit;

/// <summary>The highest head of the audit chain that this node has read or written.</summary>
/// <param name="Epoch">The epoch of that head.</param>
/// <param name="LastId">The id of the last event.</param>
/// <param name="LastHash">The hash of the last event, which covers all earlier events.</param>
/// <param name="RolledBackTo">The last remaining event of a log that was found rolled back or replaced; null if that
/// never happened.</param>
public sealed record AuditMark(long Epoch, long LastId, byte[] LastHash, long? RolledBackTo = null)
{
    internal bool IsBelow(AuditHead head) => IsBelow(head.Epoch, head.LastId);

    internal bool IsBelow(AuditMark mark) => IsBelow(mark.Epoch, mark.LastId);

    private bool IsBelow(long epoch, long lastId) => Epoch < epoch || (Epoch == epoch && LastId < lastId);
}

/// <summary>Stores the highest head outside the database: in memory, and in a small signed file that survives restarts.
/// Detects an older copy of the head row, or of the whole database, because its head is below the mark. Only a head of
/// a later epoch (after a restore or an accepted repair) may be lower.</summary>
public sealed class AuditHighWaterMark(DatabaseOptions database, DataDisk disk, ServerKeys keys, ILogger<AuditHighWaterMark> log)
    : IDisposable
{
    /// <summary>The suffix that is appended to the name of the SQLite file.</summary>
    public const string Suffix = ".audit-mark";

    // Two slots, written alternately, so that a torn write leaves the previous mark intact.
    private const int Slots = 2;
    private const int SlotBytes = 256;

    private readonly Lock gate = new();
    private volatile AuditMark? current;
    private SafeFileHandle? file;
    private int slot;

    /// <summary>The current mark; null before the first head. Read it before the head that it is compared with, because
    /// a commit in between would look like a rollback.</summary>
    public AuditMark? Current => current;

    /// <summary>The path of the file: next to the SQLite file, or in the data directory.</summary>
    public string Path => database.File is { } live ? live + Suffix : global::System.IO.Path.Combine(disk.Folder, "audit-mark");

    /// <summary>Loads the mark of an earlier run. Called at startup, once the server keys are available.</summary>
    internal void Load()
    {
        try
        {
            file = File.OpenHandle(Path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            }

            for (var number = 0; number < Slots; number++)
            {
                if (Read(number) is { } found && current?.IsBelow(found) != false)
                {
                    (current, slot) = (found, number);
                }
            }

            if (current is null && RandomAccess.GetLength(file) > 0)
            {
                log.LogWarning("The audit mark in {File} was not signed by this installation and is ignored.", Path);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            log.LogWarning(
                "The audit mark cannot be stored in {File} ({Problem}). After a restart, a rollback of the audit log "
                    + "may go undetected.",
                Path,
                exception.Message
            );
        }
    }

    /// <summary>Advances the mark to a signed, committed head. Has no effect if the head is not higher.</summary>
    internal void Advance(AuditHead head)
    {
        lock (gate)
        {
            if (current?.IsBelow(head) == false)
            {
                return;
            }

            if (current is { } known && known.Epoch < head.Epoch)
            {
                log.LogWarning(
                    "The audit log was restored or repaired. It continues from event {Last}; before, it ended at event {Known}.",
                    head.LastId,
                    known.LastId
                );
            }

            // A detected rollback remains recorded within its epoch.
            Keep(new AuditMark(head.Epoch, head.LastId, [.. head.LastHash], current?.Epoch == head.Epoch ? current.RolledBackTo : null));
        }
    }

    /// <summary>True when a signed head is below the mark or contradicts it, or when a rollback was detected before in
    /// the same epoch. Records a rollback that it detects. The mark must be read before the head.</summary>
    internal bool IsRolledBack(AuditMark? mark, AuditHead head)
    {
        if (mark is null || mark.Epoch < head.Epoch)
        {
            return false;
        }

        var left =
            mark.Epoch > head.Epoch || (mark.LastId == head.LastId && !mark.LastHash.AsSpan().SequenceEqual(head.LastHash))
                ? Math.Min(head.LastId, mark.LastId - 1)
            : head.LastId < mark.LastId ? head.LastId
            : (long?)null;
        if (left is { } end)
        {
            RollBack(mark, end);
        }

        return left is not null || mark.RolledBackTo is not null;
    }

    /// <summary>Records permanently that the events after <paramref name="end"/> were deleted or replaced.</summary>
    internal void RollBack(AuditMark mark, long end)
    {
        lock (gate)
        {
            if (current is not { } known || known.Epoch != mark.Epoch || known.RolledBackTo <= end)
            {
                return;
            }

            Keep(known with { RolledBackTo = end });
        }

        log.LogCritical(
            "The audit log was rolled back: event {Known} had been written, but the events from {First} on were deleted or replaced.",
            mark.LastId,
            end + 1
        );
    }

    public void Dispose() => file?.Dispose();

    private void Keep(AuditMark mark)
    {
        current = mark;
        if (file is null)
        {
            return;
        }

        try
        {
            slot = (slot + 1) % Slots;
            RandomAccess.Write(file, Encoding.ASCII.GetBytes(Signed(mark).PadRight(SlotBytes - 1) + '\n'), slot * SlotBytes);
        }
        catch (IOException exception)
        {
            log.LogWarning("The audit mark cannot be stored in {File} ({Problem}).", Path, exception.Message);
        }
    }

    private AuditMark? Read(int number)
    {
        Span<byte> bytes = stackalloc byte[SlotBytes];
        var text = Encoding.ASCII.GetString(bytes[..RandomAccess.Read(file!, bytes, number * SlotBytes)]).TrimEnd();
        return
            text.Split(' ') is [_, var epoch, var id, var hash, var end, _]
            && long.TryParse(epoch, CultureInfo.InvariantCulture, out var since)
            && long.TryParse(id, CultureInfo.InvariantCulture, out var last)
            && hash.Length == 2 * EventHash.Size
            && hash.All(char.IsAsciiHexDigit)
            && new AuditMark(
                since,
                last,
                Convert.FromHexString(hash),
                long.TryParse(end, CultureInfo.InvariantCulture, out var left) ? left : null
            )
                is var mark
            && CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(text), Encoding.ASCII.GetBytes(Signed(mark)))
            ? mark
            : null;
    }

    // The prefix distinguishes this signature from that of a head, whose text begins with a number.
    private string Signed(AuditMark mark)
    {
        var text = string.Create(
            CultureInfo.InvariantCulture,
            $"mark {mark.Epoch} {mark.LastId} {Convert.ToHexStringLower(mark.LastHash)} "
                + $"{mark.RolledBackTo?.ToString(CultureInfo.InvariantCulture) ?? "-"}"
        );
        return $"{text} {Convert.ToHexStringLower(HMACSHA256.HashData(keys.AuditHead, Encoding.ASCII.GetBytes(text)))}";
    }
}
