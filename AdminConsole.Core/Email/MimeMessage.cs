using System.Globalization;
using System.Net.Mail;
using System.Text;

namespace AdminConsole.Core.Email;

/// <summary>A mail as RFC 5322 text: headers, then plain text and HTML as alternatives, both in base64, so that any line is short and of ASCII.</summary>
internal static class MimeMessage
{
    // An encoded word has 75 characters at most: 12 around it leave 63, which hold 45 bytes.
    private const int BytesInWord = 45;

    /// <summary>The whole message, with CRLF. Refuses an address that could be more than one, or a header of its own.</summary>
    public static string Compose(OutgoingMail mail, string from)
    {
        CheckAddress(mail.Recipient);
        var sender = new MailAddress(from);
        var boundary = $"=_{mail.Id:N}";
        var text = new StringBuilder();
        Header(text, "Date", mail.At.ToUniversalTime().ToString("ddd, dd MMM yyyy HH:mm:ss '+0000'", CultureInfo.InvariantCulture));
        Header(text, "From", sender.DisplayName.Length == 0 ? $"<{sender.Address}>" : $"{Word(sender.DisplayName)} <{sender.Address}>");
        Header(text, "To", $"<{mail.Recipient}>");
        Header(text, "Subject", Word(LetterLayout.OneLine(mail.Content.Subject)));
        Header(text, "Message-ID", $"<{mail.Id:N}@{sender.Host}>");
        // RFC 3834: nobody's holiday notice should answer this.
        Header(text, "Auto-Submitted", "auto-generated");
        Header(text, "MIME-Version", "1.0");
        Header(text, "Content-Type", $"multipart/alternative; boundary=\"{boundary}\"");
        Part(text, boundary, "text/plain", mail.Content.Text);
        Part(text, boundary, "text/html", mail.Content.Html);
        return text.Append("--").Append(boundary).Append("--\r\n").ToString();
    }

    /// <summary>Throws unless this is one plain address.</summary>
    public static void CheckAddress(string address)
    {
        if (address.Any(letter => char.IsControl(letter) || char.IsWhiteSpace(letter) || letter is '<' or '>' or ',' or ';') || address.Count(letter => letter == '@') != 1)
        {
            throw new MailRefusedException("The address is not one that a mail can be sent to.");
        }
    }

    private static void Header(StringBuilder text, string name, string value) => text.Append(name).Append(": ").Append(value).Append("\r\n");

    // RFC 2047: what is not plain ASCII, or could be taken for an encoded word, is encoded.
    private static string Word(string value)
    {
        if (value.Length < 70 && value.All(letter => char.IsAsciiLetterOrDigit(letter) || " .,:()'-_!?@/".Contains(letter, StringComparison.Ordinal)))
        {
            return value.IndexOfAny([',', ':', '(', ')', '@']) < 0 || value.Contains(": ", StringComparison.Ordinal) ? value : Encoded(value);
        }

        return Encoded(value);
    }

    private static string Encoded(string value)
    {
        var words = new List<string>();
        var bytes = new List<byte>();
        foreach (var rune in value.EnumerateRunes())
        {
            var next = Encoding.UTF8.GetBytes(rune.ToString());
            if (bytes.Count + next.Length > BytesInWord)
            {
                words.Add($"=?utf-8?B?{Convert.ToBase64String([.. bytes])}?=");
                bytes.Clear();
            }

            bytes.AddRange(next);
        }

        words.Add($"=?utf-8?B?{Convert.ToBase64String([.. bytes])}?=");
        return string.Join("\r\n ", words);
    }

    private static void Part(StringBuilder text, string boundary, string type, string content)
    {
        text.Append("\r\n--").Append(boundary).Append("\r\nContent-Type: ").Append(type).Append("; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n");
        text.Append(Convert.ToBase64String(Encoding.UTF8.GetBytes(content), Base64FormattingOptions.InsertLineBreaks)).Append("\r\n");
    }
}
