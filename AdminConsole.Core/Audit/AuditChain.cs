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
    internal const int SaltBytes = 16;

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
        var events = new List<AuditEvent>(change.Records.Count);
        foreach (var record in change.Records)
        {
            var entry = Link(head, record);
            events.Add(entry);
            (head.LastId, head.LastHash) = (entry.Id, entry.Hash);
        }

        head.Signature = Sign(head);
        db.AddRange(events);
        await db.SaveChangesAsync(ct);
        return events;
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
        head.Signature = Sign(head);
        return head;
    }

    internal bool IsSigned(AuditHead head) => CryptographicOperations.FixedTimeEquals(head.Signature, Sign(head));

    /// <summary>SHA-256 over the hash before and the event, as one line of JSON: a form anybody can compute again.</summary>
    internal static byte[] Hash(byte[] previous, AuditEvent entry)
    {
        var line = JsonSerializer.SerializeToUtf8Bytes(new object?[]
        {
            Convert.ToHexStringLower(previous), entry.Id, Microseconds(entry.At), entry.Action,
            entry.ActorType, entry.ActorId, entry.Via, Convert.ToHexStringLower(ActorDigest(entry)),
            entry.TargetType, entry.TargetId, Convert.ToHexStringLower(TargetDigest(entry)),
            entry.SessionId, entry.RequestId, entry.BatchId,
        }, DetailsJson);
        return SHA256.HashData(line);
    }

    /// <summary>Erases the personal texts of an event on one side or both, leaving their digest in the salt's place.</summary>
    internal static void Redact(AuditEvent entry, bool actorSide, bool targetSide)
    {
        if (actorSide)
        {
            entry.ActorSeal = ActorDigest(entry);
            (entry.ActorName, entry.Ip, entry.UserAgent) = (null, null, null);
        }

        if (targetSide)
        {
            entry.TargetSeal = TargetDigest(entry);
            (entry.TargetName, entry.Details) = (null, null);
        }
    }

    private static AuditEvent Link(AuditHead head, AuditRecord record)
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
            SessionId = by.SessionId ?? by.TokenId,
            RequestId = by.RequestId,
            BatchId = record.BatchId,
            Details = record.Details is null ? null : JsonSerializer.Serialize(record.Details, DetailsJson),
            ActorSeal = RandomNumberGenerator.GetBytes(SaltBytes),
            TargetSeal = RandomNumberGenerator.GetBytes(SaltBytes),
            Hash = [],
        };
        entry.Hash = Hash(head.LastHash, entry);
        return entry;
    }

    private static byte[] ActorDigest(AuditEvent entry) => Digest(entry.ActorSeal, entry.ActorName, entry.Ip, entry.UserAgent);

    private static byte[] TargetDigest(AuditEvent entry) => Digest(entry.TargetSeal, entry.TargetName, entry.Details);

    private static byte[] Digest(byte[] seal, params string?[] texts) =>
        seal.Length == SHA256.HashSizeInBytes
            ? seal
            : SHA256.HashData([.. seal, .. JsonSerializer.SerializeToUtf8Bytes(texts, DetailsJson)]);

    private byte[] Sign(AuditHead head) => HMACSHA256.HashData(
        keys.AuditHead,
        Encoding.UTF8.GetBytes($"{head.LastId}|{Convert.ToHexStringLower(head.LastHash)}|{head.CheckpointId}|{Convert.ToHexStringLower(head.CheckpointHash)}"));

    private static long Microseconds(DateTimeOffset at) => (at.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;
}
