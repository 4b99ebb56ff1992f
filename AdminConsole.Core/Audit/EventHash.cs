using System.Security.Cryptography;
using AdminConsole.Core.Common;
using AdminConsole.Core.Data;

namespace AdminConsole.Core.Audit;

/// <summary>Computes the chain hash of an event, as specified in docs/security.md for independent verification. An
/// event being appended and one read back column by column produce the same bytes. Not thread-safe.</summary>
internal sealed class EventHash : IDisposable
{
    public const int Size = SHA256.HashSizeInBytes;

    /// <summary>The length of a seal that holds a salt; one that holds a digest has <see cref="Size"/> bytes.</summary>
    public const int SaltBytes = 16;

    // The format version, which is the first byte that is hashed.
    private const byte Form = 1;

    private readonly HashInput input = new();
    private readonly byte[] actor = new byte[Size];
    private readonly byte[] target = new byte[Size];

    /// <summary>True when the actor's personal texts were erased. Set by <see cref="Verify"/>.</summary>
    public bool IsActorRedacted { get; private set; }

    /// <summary>True when the target's name and the details were erased. Set by <see cref="Verify"/>.</summary>
    public bool IsTargetRedacted { get; private set; }

    public bool IsRedacted => IsActorRedacted || IsTargetRedacted;

    /// <summary>Returns the SHA-256 over the previous hash and the event.</summary>
    public byte[] Of(ReadOnlySpan<byte> previous, AuditEvent entry)
    {
        ActorDigest(entry, actor);
        TargetDigest(entry, target);
        input
            .Begin()
            .Add(Form)
            .Add(previous)
            .Add(entry.Id)
            .Add(entry.At.ToMicroseconds())
            .AddField(entry.Action)
            .AddField(entry.ActorType)
            .AddField(entry.ActorId)
            .AddField(entry.Via)
            .Add(actor)
            .AddField(entry.TargetType)
            .AddField(entry.TargetId)
            .Add(target)
            .AddField(entry.SessionId)
            .AddField(entry.RequestId)
            .AddField(entry.BatchId);
        var hash = new byte[Size];
        input.Hash(hash);
        return hash;
    }

    /// <summary>True when the stored hash matches the columns and the previous hash, and each column has the exact form
    /// in which AdminConsole stores it.</summary>
    public bool Verify(ReadOnlySpan<byte> previous, AuditRows row)
    {
        if (
            !row.HasExactForm
            || !Digest(row, AuditColumn.ActorSeal, [AuditColumn.ActorName, AuditColumn.Ip, AuditColumn.UserAgent], actor)
            || !Digest(row, AuditColumn.TargetSeal, [AuditColumn.TargetName, AuditColumn.Details], target)
        )
        {
            return false;
        }

        IsActorRedacted = row[AuditColumn.ActorSeal].Length == Size;
        IsTargetRedacted = row[AuditColumn.TargetSeal].Length == Size;
        input.Begin().Add(Form).Add(previous).Add(row.Id).Add(row.At);
        Add(row, AuditColumn.Action);
        Add(row, AuditColumn.ActorType);
        Add(row, AuditColumn.ActorId);
        Add(row, AuditColumn.Via);
        input.Add(actor);
        Add(row, AuditColumn.TargetType);
        Add(row, AuditColumn.TargetId);
        input.Add(target);
        Add(row, AuditColumn.SessionId);
        Add(row, AuditColumn.RequestId);
        Add(row, AuditColumn.BatchId);
        Span<byte> hash = stackalloc byte[Size];
        input.Hash(hash);
        return hash.SequenceEqual(row[AuditColumn.Hash]);
    }

    /// <summary>Erases the personal texts of one or both sides, and replaces their salt with their digest.</summary>
    public void Redact(AuditEvent entry, bool actorSide, bool targetSide)
    {
        if (actorSide && entry.ActorSeal.Length == SaltBytes)
        {
            var digest = new byte[Size];
            ActorDigest(entry, digest);
            (entry.ActorSeal, entry.ActorName, entry.Ip, entry.UserAgent) = (digest, null, null, null);
        }

        if (targetSide && entry.TargetSeal.Length == SaltBytes)
        {
            var digest = new byte[Size];
            TargetDigest(entry, digest);
            (entry.TargetSeal, entry.TargetName, entry.Details) = (digest, null, null);
        }
    }

    public void Dispose() => input.Dispose();

    private void ActorDigest(AuditEvent entry, byte[] digest)
    {
        if (entry.ActorSeal.Length == Size)
        {
            entry.ActorSeal.CopyTo(digest, 0);
            return;
        }

        input.Begin().Add(entry.ActorSeal).AddField(entry.ActorName).AddField(entry.Ip).AddField(entry.UserAgent).Hash(digest);
    }

    private void TargetDigest(AuditEvent entry, byte[] digest)
    {
        if (entry.TargetSeal.Length == Size)
        {
            entry.TargetSeal.CopyTo(digest, 0);
            return;
        }

        input.Begin().Add(entry.TargetSeal).AddField(entry.TargetName).AddField(entry.Details).Hash(digest);
    }

    // A stored digest does not cover the columns, so they must be NULL. Otherwise, other texts could be inserted there.
    private bool Digest(AuditRows row, AuditColumn seal, ReadOnlySpan<AuditColumn> texts, byte[] digest)
    {
        var sealBytes = row[seal];
        if (sealBytes.Length == Size)
        {
            sealBytes.CopyTo(digest);
            foreach (var text in texts)
            {
                if (!row.IsNull(text))
                {
                    return false;
                }
            }

            return true;
        }

        input.Begin().Add(sealBytes);
        foreach (var text in texts)
        {
            Add(row, text);
        }

        input.Hash(digest);
        return sealBytes.Length == SaltBytes;
    }

    private void Add(AuditRows row, AuditColumn column)
    {
        if (row.IsNull(column))
        {
            input.AddNull();
        }
        else
        {
            input.AddField(row[column]);
        }
    }
}
