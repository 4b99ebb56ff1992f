using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using AdminConsole.Core.Changes;
using AdminConsole.Core.Data;

namespace AdminConsole.Core.Email;

/// <summary>Queues emails in the transaction of the change that causes them. So no email is lost, and none is sent for
/// a change that was rolled back. The content is encrypted (AES-GCM, bound to the row and its recipient) with a key
/// protected by ASP.NET Core Data Protection.</summary>
public sealed class Outbox(ServerKeys keys, MailLinks links) : IChangeStep
{
    private const int NonceSize = 12;
    private const int TagSize = 16;

    private readonly Channel<bool> notices = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite }
    );

    /// <summary>Signals that an email was committed or is due for a retry.</summary>
    internal void Wake() => notices.Writer.TryWrite(true);

    internal ValueTask<bool> WaitForSignalAsync(CancellationToken ct) => notices.Reader.ReadAsync(ct);

    async Task IChangeStep.BeforeCommitAsync(AppDbContext db, ChangeContext change, CancellationToken ct)
    {
        foreach (var (recipient, message, _) in change.Mails)
        {
            Add(db, recipient, message, change.At);
        }

        await db.SaveChangesAsync(ct);
    }

    void IChangeStep.AfterCommit(ChangeContext change)
    {
        if (change.Mails.Count > 0)
        {
            Wake();
        }
    }

    /// <summary>Adds an email to the context, to be saved with the current transaction.</summary>
    internal void Add(AppDbContext db, string recipient, EmailMessage message, DateTimeOffset now)
    {
        if (message.ContainsSecret && !EmailTemplates.WithSecret.Contains(message.Kind))
        {
            throw new InvalidOperationException(
                $"An email with a secret must be listed in {nameof(EmailTemplates)}.{nameof(EmailTemplates.WithSecret)}, so that it "
                    + $"can be withdrawn: {message.Kind}."
            );
        }

        var id = Guid.CreateVersion7(now);
        db.Add(
            new OutboxMail
            {
                Id = id,
                Kind = message.Kind,
                Recipient = recipient,
                Content = Seal(id, recipient, Render(message)),
                State = MailStates.Waiting,
                CreatedAt = now,
                DueAt = now,
                ValidUntil = message.ValidUntil,
            }
        );
    }

    internal RenderedMail Render(EmailMessage message) => EmailRenderer.Render(message, links);

    /// <summary>Decrypts the content. Throws <see cref="CryptographicException"/> if the content, id or recipient was
    /// altered.</summary>
    internal RenderedMail Open(OutboxMail mail)
    {
        var content = mail.Content ?? throw new InvalidOperationException("The content was erased when the email was sent.");
        try
        {
            return Decrypt(content, AssociatedData(mail.Id, mail.Recipient));
        }
        catch (AuthenticationTagMismatchException)
        {
            // Older rows, whose recipient isn't authenticated. A newer row fails here too, because its tag covers the
            // recipient.
            return Decrypt(content, mail.Id.ToByteArray());
        }
    }

    private RenderedMail Decrypt(byte[] content, byte[] associatedData)
    {
        if (content.Length < NonceSize + TagSize)
        {
            throw new CryptographicException("The content is too short.");
        }

        var plain = new byte[content.Length - NonceSize - TagSize];
        using var cipher = new AesGcm(keys.Outbox, TagSize);
        var nonce = content.AsSpan(0, NonceSize);
        var tag = content.AsSpan(NonceSize, TagSize);
        var encrypted = content.AsSpan(NonceSize + TagSize);
        cipher.Decrypt(nonce, encrypted, tag, plain, associatedData);
        return JsonSerializer.Deserialize<RenderedMail>(plain)!;
    }

    private byte[] Seal(Guid id, string recipient, RenderedMail mail)
    {
        var plain = JsonSerializer.SerializeToUtf8Bytes(mail);
        var content = new byte[NonceSize + TagSize + plain.Length];
        RandomNumberGenerator.Fill(content.AsSpan(0, NonceSize));
        using var cipher = new AesGcm(keys.Outbox, TagSize);
        var nonce = content.AsSpan(0, NonceSize);
        var tag = content.AsSpan(NonceSize, TagSize);
        var encrypted = content.AsSpan(NonceSize + TagSize);
        cipher.Encrypt(nonce, plain, encrypted, tag, AssociatedData(id, recipient));
        return content;
    }

    // The separator byte distinguishes this from the older form, the id alone, even if the recipient is empty.
    private static byte[] AssociatedData(Guid id, string recipient) => [.. id.ToByteArray(), 1, .. Encoding.UTF8.GetBytes(recipient)];
}
