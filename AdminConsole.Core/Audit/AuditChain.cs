using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using AdminConsole.Core.Changes;
using AdminConsole.Core.Data;

namespace AdminConsole.Core.Audit;

/// <summary>Appends events to the SHA-256 chain, in which each hash covers the previous one, and signs its
/// head.</summary>
public sealed class AuditChain(ServerKeys keys, AuditHighWaterMark mark) : IChangeStep
{
    // Stores non-ASCII characters unescaped, so that the details are readable. Every HTML page encodes them.
    private static readonly JsonSerializerOptions DetailsJson = new(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Loads the high-water mark that an earlier run stored. Requires the server keys.</summary>
    internal void LoadMark() => mark.Load();

    /// <summary>Appends the events of a change, as the last step before commit. Locks the head row and takes the next
    /// ids from it, so ids are gapless and in commit order.</summary>
    async Task IChangeStep.BeforeCommitAsync(AppDbContext db, ChangeContext change, CancellationToken ct)
    {
        if (change.Records.Count == 0)
        {
            return;
        }

        var known = mark.Current;
        var head = await db.LockHeadAsync(ct);
        // An older copy of the head has a valid signature, but is no more trustworthy than an altered head.
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

        await AuditTimeBlock.WriteFilledAsync(db, before, head.LastId, ct);
        change.Events = events;
    }

    /// <summary>Advances the high-water mark to the head that a change wrote. Call after the commit.</summary>
    void IChangeStep.AfterCommit(ChangeContext change)
    {
        if (change.Head is { } head)
        {
            mark.Advance(head);
        }
    }

    /// <summary>Signs the head in a new epoch, after a restore or an accepted repair. Nodes that know a higher head of
    /// an earlier epoch then accept this one.</summary>
    internal void BeginEpoch(AuditHead head, DateTimeOffset at)
    {
        head.Epoch = Math.Max(at.ToUnixTimeMilliseconds(), head.Epoch + 1);
        Sign(head, wasSigned: true);
    }

    /// <summary>Moves the checkpoint to the last event that is about to be deleted. Requires the lock of the head row.
    /// Returns false when the signature of the head is invalid, because events that may be evidence are not
    /// deleted.</summary>
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

    /// <summary>Returns the signed head of an empty chain.</summary>
    internal AuditHead CreateHead()
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

    // An altered head is not signed again, because that would hide the alteration. Events are still appended, and
    // verification reports the head.
    private void Sign(AuditHead head, bool wasSigned) => head.Signature = wasSigned ? Signature(head) : [];

    // Epoch 0 is left out, so that signatures from before epochs were introduced remain valid.
    private byte[] Signature(AuditHead head)
    {
        var text =
            $"{head.LastId}|{Convert.ToHexStringLower(head.LastHash)}|{head.CheckpointId}|{Convert.ToHexStringLower(head.CheckpointHash)}";
        return HMACSHA256.HashData(keys.AuditHead, Encoding.UTF8.GetBytes(head.Epoch == 0 ? text : $"{text}|{head.Epoch}"));
    }
}
