using System.Text;
using AdminConsole.Core.Common;
using MimeKit;

namespace AdminConsole.Core.Email;

/// <summary>Builds the MIME message of an email: plain text and HTML alternatives, both quoted-printable.</summary>
internal static class MessageFactory
{
    /// <summary>Creates the message. Throws <see cref="MailRefusedException"/> unless the recipient is one plain
    /// address.</summary>
    public static MimeMessage Create(OutgoingMail mail, MailboxAddress from)
    {
        var message = new MimeMessage();
        message.From.Add(from);
        message.To.Add(ParseRecipient(mail.Recipient));
        message.Date = mail.At.ToUniversalTime();
        message.Subject = TextLine.Of(mail.Content.Subject);
        // Identical on each attempt, so that a duplicate can be detected.
        message.MessageId = $"{mail.Id:N}@{DomainOf(from)}";
        // RFC 3834: tells automatic responders not to reply.
        message.Headers.Add(HeaderId.AutoSubmitted, "auto-generated");
        // "=_" cannot occur in quoted-printable text.
        message.Body = new MultipartAlternative(Part("plain", mail.Content.Text), Part("html", mail.Content.Html))
        {
            Boundary = $"=_{mail.Id:N}",
        };
        return message;
    }

    /// <summary>True if the address needs SMTPUTF8. An international domain alone doesn't, because it is sent as
    /// Punycode.</summary>
    public static bool NeedsUtf8(MailboxAddress address) => !Ascii.IsValid(address.LocalPart);

    public static FormatOptions Format(bool utf8)
    {
        var format = FormatOptions.Default.Clone();
        format.NewLineFormat = NewLineFormat.Dos;
        format.International = utf8;
        return format;
    }

    /// <summary>Returns null unless the text is one address with a domain name, with or without a display
    /// name.</summary>
    public static MailboxAddress? ParseSender(string text) =>
        !text.Any(char.IsControl) && MailboxAddress.TryParse(text, out var sender) && IsDeliverable(sender) ? sender : null;

    /// <summary>Throws <see cref="MailRefusedException"/> unless the text is one plain address.</summary>
    private static MailboxAddress ParseRecipient(string address)
    {
        try
        {
            if (
                !address.Any(c => char.IsControl(c) || char.IsWhiteSpace(c) || "<>,;:()".Contains(c))
                && new MailboxAddress("", address) is var recipient
                && IsDeliverable(recipient)
            )
            {
                return recipient;
            }
        }
        catch (Exception exception) when (exception is ParseException or ArgumentException)
        {
            // Refused below. A lone surrogate throws ArgumentException.
        }

        throw new MailRefusedException($"'{TextLine.Of(address)}' isn't an address that mail can be sent to.");
    }

    // MimeKit leaves a domain without a Punycode form unchanged.
    private static bool IsDeliverable(MailboxAddress address) => DomainOf(address) is { Length: > 0 } domain && Ascii.IsValid(domain);

    private static string DomainOf(MailboxAddress address)
    {
        var encoded = address.GetAddress(idnEncode: true);
        return encoded[(encoded.LastIndexOf('@') + 1)..] is var domain && domain.Length < encoded.Length ? domain : "";
    }

    private static TextPart Part(string subtype, string text)
    {
        var part = new TextPart(subtype) { ContentTransferEncoding = ContentEncoding.QuotedPrintable };
        part.SetText(Encoding.UTF8, text);
        return part;
    }
}
