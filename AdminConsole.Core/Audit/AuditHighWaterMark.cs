using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using AdminConsole.Core.Common;
using AdminConsole.Core.Security;
using AdminConsole.Core.System;
using Microsoft.Extensions.Logging;
using Microsoft.Win32.SafeHandles;

namespace AdminConsole.Core.Audit;

/// <summary>The highest head of the audit chain that this node wrote or read.</summary>
/// <param name="Epoch">The epoch of that head.</param>
/// <param name="LastId">The event that it ended at.</param>
/// <param name="LastHash">The hash of that event, which covers every event before it.</param>
/// <param name="RolledBackTo">The last event that was left when the log was found rolled back or replaced; null while
/// it never was.</param>
public sealed record AuditMark(long Epoch, long LastId, byte[] LastHash, long? RolledBackTo = null)
{
    internal bool IsBelow(AuditHead head) => Epoch < head.Epoch || (Epoch == head.Epoch && LastId < head.LastId);
}

/// <summary>
/// Remembers the highest head outside the database: in memory, and in a small signed file that survives a restart. An
/// old copy of the head row,
/// or of the whole database, put back by a database writer is behind it. Only a head of a later epoch (a restore, an
/// accepted repair) replaces it.
/// </summary>
public sealed class AuditHighWaterMark(DatabaseOptions database, DataDisk disk, ServerKeys keys, ILogger<AuditHighWaterMark> log)
    : IDisposable
{
    /// <summary>What follows the name of SQLite's file.</summary>
    public const string Suffix = ".audit-mark";

    // Two, written in turn, so that a torn write leaves the one before.
    private const int Slots = 2;
    private const int SlotBytes = 256;

    private readonly Lock gate = new();
    private volatile AuditMark? current;
    private SafeFileHandle? file;
    private int slot;

    /// <summary>Take it before reading the head that it is compared with; null before the first.</summary>
    public AuditMark? Current => current;

    /// <summary>Where it is kept: beside SQLite's file, or in the data directory.</summary>
    public string Path => database.File is { } live ? live + Suffix : global::System.IO.Path.Combine(disk.Folder, "audit-mark");

    /// <summary>Reads what an earlier run of the program left. Runs at start, when the keys are there.</summary>
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
                if (
                    Read(number) is { } found
                    && (current is not { } best || best.Epoch < found.Epoch || (best.Epoch == found.Epoch && best.LastId < found.LastId))
                )
                {
                    (current, slot) = (found, number);
                }
            }

            if (current is null && RandomAccess.GetLength(file) > 0)
            {
                log.LogWarning("{File} was not signed by this installation and is ignored.", Path);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            log.LogWarning(
                "The end of the audit log cannot be remembered in {File} ({Problem}); after a restart, a rollback of the log "
                    + "may go unnoticed.",
                Path,
                exception.Message
            );
        }
    }

    /// <summary>Remembers a signed head that is committed. One that is not higher changes nothing.</summary>
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
                    "The audit log was restored or repaired: it goes on from event {Last}. Before, it ended at event {Known}.",
                    head.LastId,
                    known.LastId
                );
            }

            // What was found rolled back stays so within its epoch.
            Keep(new AuditMark(head.Epoch, head.LastId, [.. head.LastHash], current?.Epoch == head.Epoch ? current.RolledBackTo : null));
        }
    }

    /// <summary>True where a signed head, read after the mark was taken, lies behind it, or did so before.</summary>
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

    /// <summary>Notes for good that events after this one were cut off or replaced.</summary>
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
            "The audit log was rolled back: event {Known} had been written, but from event {First} on, events were cut off or replaced.",
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
            log.LogWarning("The end of the audit log cannot be remembered in {File} ({Problem}).", Path, exception.Message);
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

    // The word keeps it apart from the signature of a head, which begins with a number.
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
