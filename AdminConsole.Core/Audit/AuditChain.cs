using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using AdminConsole.Core.Data;
using AdminConsole.Core.Security;

namespace AdminConsole.Core.Audit;

/// <summary>Appends events so that each one's SHA-256 covers the one before it, and signs the end of the
/// chain.</summary>
public sealed class AuditChain(ServerKeys keys, AuditHighWaterMark mark)
{
    // The log is read by people: letters stay letters. It is never put into HTML without encoding.
    private static readonly JsonSerializerOptions DetailsJson = new(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Reads what an earlier run remembered of the head, when the keys are there.</summary>
    internal void LoadMark() => mark.Load();

    /// <summary>The last step before commit. Locks the head row and takes the next ids from it: gapless, in the order
    /// of commits.</summary>
    internal async Task<IReadOnlyList<AuditEvent>> AppendAsync(AppDbContext db, ChangeContext change, CancellationToken ct)
    {
        if (change.Records.Count == 0)
        {
            return [];
        }

        var known = mark.Current;
        var head = await db.LockHeadAsync(ct);
        // A head that was put back is signed, but not to be trusted any more than one that was altered.
        var wasSigned = IsSigned(head) && !mark.IsRolledBack(known, head);
        var before = head.LastId;
        var events = new List<AuditEvent>(change.Records.Count);
        using var hash = new EventHash();
        foreach (var record in change.Records)
        {
            var entry = Link(head, record, hash);
            events.Add(entry);
            (head.LastId, head.LastHash) = (entry.Id, entry.Hash);
        }

        Sign(head, wasSigned);
        change.Head = wasSigned ? head : null;
        try
        {
            await db.AppendAsync(events, ct);
        }
        catch (Exception exception) when (db.IsEventRefused(exception))
        {
            throw new AuditBlockedException(AuditBlocked.ByEvent, exception);
        }

        await AuditTimeBlock.CloseAsync(db, before, head.LastId, ct);
        return events;
    }

    /// <summary>After the commit: remembers the head that the change left.</summary>
    internal void Committed(ChangeContext change)
    {
        if (change.Head is { } head)
        {
            mark.Advance(head);
        }
    }

    /// <summary>
    /// Signs the head anew in an epoch of its own: the log was restored from a backup, or the operator accepts that it
    /// ends here. Other nodes, which
    /// remember a higher head, then go by this one.
    /// </summary>
    internal void BeginEpoch(AuditHead head, DateTimeOffset at)
    {
        head.Epoch = Math.Max(at.ToUnixTimeMilliseconds(), head.Epoch + 1);
        Sign(head, wasSigned: true);
    }

    /// <summary>
    /// Moves the checkpoint up to an event that is about to be cut, under the lock of the head row. False where the
    /// head is not as it was signed:
    /// what may be evidence is not cut.
    /// </summary>
    internal bool MoveCheckpoint(AuditHead head, long id, byte[] hash)
    {
        if (!IsSigned(head))
        {
            return false;
        }

        (head.CheckpointId, head.CheckpointHash) = (id, hash);
        Sign(head, wasSigned: true);
        return true;
    }

    /// <summary>The head of an empty chain.</summary>
    internal AuditHead Begin()
    {
        var head = new AuditHead
        {
            Id = AuditHead.RowId,
            LastId = 0,
            LastHash = new byte[SHA256.HashSizeInBytes],
            CheckpointId = 0,
            CheckpointHash = new byte[SHA256.HashSizeInBytes],
            Signature = [],
        };
        Sign(head, wasSigned: true);
        return head;
    }

    internal bool IsSigned(AuditHead head) => CryptographicOperations.FixedTimeEquals(head.Signature, Signature(head));

    private static AuditEvent Link(AuditHead head, AuditRecord record, EventHash hash)
    {
        var by = record.By;
        var entry = new AuditEvent
        {
            Id = head.LastId + 1,
            At = record.At,
            Action = record.Action,
            ActorType =
                by.IsSystem ? "system"
                : by.UserId is null ? "anonymous"
                : "user",
            ActorId = by.UserId,
            ActorName = by.Name,
            Via = by.Via,
            Ip = by.Ip,
            UserAgent = by.UserAgent,
            TargetType = record.Target?.Type,
            TargetId = record.Target?.Id,
            TargetName = record.Target?.Name,
            SessionId = by.CredentialId,
            RequestId = by.RequestId,
            BatchId = record.BatchId,
            Details = record.Details is null ? null : JsonSerializer.Serialize(record.Details, DetailsJson),
            ActorSeal = RandomNumberGenerator.GetBytes(EventHash.SaltBytes),
            TargetSeal = RandomNumberGenerator.GetBytes(EventHash.SaltBytes),
            Hash = [],
        };
        entry.Hash = hash.Of(head.LastHash, entry);
        return entry;
    }

    // An altered head is not signed again, because the next event would hide the change. Events are still appended, and
    // verification
    // reports the head.
    private void Sign(AuditHead head, bool wasSigned) => head.Signature = wasSigned ? Signature(head) : [];

    // Without an epoch as it was before there were epochs.
    private byte[] Signature(AuditHead head)
    {
        var text =
            $"{head.LastId}|{Convert.ToHexStringLower(head.LastHash)}|{head.CheckpointId}|{Convert.ToHexStringLower(head.CheckpointHash)}";
        return HMACSHA256.HashData(keys.AuditHead, Encoding.UTF8.GetBytes(head.Epoch == 0 ? text : $"{text}|{head.Epoch}"));
    }
}
