using System.Security.Cryptography;
using System.Text.Json;
using System.Threading.Channels;
using AdminConsole.Core.Data;
using AdminConsole.Core.Security;

namespace AdminConsole.Core.Email;

/// <summary>
/// Mails on their way. They are written in the transaction of the change that causes them, so none is lost and none is sent for a change that
/// rolled back. What they say is encrypted (AES-GCM, bound to the row) with a key that data protection protects.
/// </summary>
public sealed class Outbox(ServerKeys keys, MailLinks links)
{
    private const int NonceSize = 12;
    private const int TagSize = 16;

    private readonly Channel<bool> notices = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>Says that a mail was committed, or may be tried again.</summary>
    internal void Wake() => notices.Writer.TryWrite(true);

    internal ValueTask<bool> WokenAsync(CancellationToken ct) => notices.Reader.ReadAsync(ct);

    /// <summary>Puts it into the context, for the transaction under way.</summary>
    internal void Add(AppDbContext db, string recipient, Letter letter, DateTimeOffset now)
    {
        var id = Guid.CreateVersion7(now);
        db.Add(new OutboxMail
        {
            Id = id,
            Kind = letter.Kind,
            Recipient = recipient,
            Content = Seal(id, Render(letter)),
            State = MailStates.Waiting,
            CreatedAt = now,
            DueAt = now,
            ValidUntil = letter.ValidUntil,
        });
    }

    internal RenderedMail Render(Letter letter) => LetterLayout.Render(letter, links);

    /// <summary>What the mail says. Throws where the row was tampered with, or the key is another.</summary>
    internal RenderedMail Open(OutboxMail mail)
    {
        var content = mail.Content ?? throw new InvalidOperationException("A mail that was sent says nothing any more.");
        var plain = new byte[content.Length - NonceSize - TagSize];
        using var cipher = new AesGcm(keys.Outbox, TagSize);
        cipher.Decrypt(content.AsSpan(0, NonceSize), content.AsSpan(NonceSize + TagSize), content.AsSpan(NonceSize, TagSize), plain, mail.Id.ToByteArray());
        return JsonSerializer.Deserialize<RenderedMail>(plain)!;
    }

    private byte[] Seal(Guid id, RenderedMail mail)
    {
        var plain = JsonSerializer.SerializeToUtf8Bytes(mail);
        var content = new byte[NonceSize + TagSize + plain.Length];
        RandomNumberGenerator.Fill(content.AsSpan(0, NonceSize));
        using var cipher = new AesGcm(keys.Outbox, TagSize);
        cipher.Encrypt(content.AsSpan(0, NonceSize), plain, content.AsSpan(NonceSize + TagSize), content.AsSpan(NonceSize, TagSize), id.ToByteArray());
        return content;
    }
}
