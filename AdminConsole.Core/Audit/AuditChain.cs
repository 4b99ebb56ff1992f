using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using AdminConsole.Core.Data;
using AdminConsole.Core.Security;

namespace AdminConsole.Core.Audit;

/// <summary>Appends events so that each one's SHA-256 covers the one before it, and signs the end of the chain.</summary>
public sealed class AuditChain(ServerKeys keys)
{
    // From here on, COPY or a prepared statement is faster than a save of as many entities.
    private const int Many = 32;

    // The log is read by people: letters stay letters. It is never put into HTML without encoding.
    private static readonly JsonSerializerOptions DetailsJson = new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The last step before commit. Locks the head row and takes the next ids from it: gapless, in the order of commits.</summary>
    internal async Task<IReadOnlyList<AuditEvent>> AppendAsync(AppDbContext db, Change change, CancellationToken ct)
    {
        if (change.Records.Count == 0)
        {
            return [];
        }

        var head = await db.LockHeadAsync(ct);
        var wasSigned = IsSigned(head);
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
        if (events.Count < Many)
        {
            db.AddRange(events);
        }
        else
        {
            await db.InsertAsync(events, ct);
        }

        await db.SaveChangesAsync(ct);
        await AuditSpan.CloseAsync(db, before, head.LastId, ct);
        return events;
    }

    /// <summary>
    /// Moves the checkpoint up to an event that is about to be cut, under the lock of the head row. False where the head is not as it was signed:
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
        head.Signature = Signature(head);
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
            ActorType = by.IsSystem ? "system" : by.UserId is null ? "anonymous" : "user",
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

    // A head that somebody altered is not signed again, or the next event would hide it; the log goes on, and verifying says so for good.
    private void Sign(AuditHead head, bool wasSigned) => head.Signature = wasSigned ? Signature(head) : [];

    private byte[] Signature(AuditHead head) => HMACSHA256.HashData(
        keys.AuditHead,
        Encoding.UTF8.GetBytes($"{head.LastId}|{Convert.ToHexStringLower(head.LastHash)}|{head.CheckpointId}|{Convert.ToHexStringLower(head.CheckpointHash)}"));

}
