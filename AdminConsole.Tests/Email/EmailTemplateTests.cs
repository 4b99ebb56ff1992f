using System.Text;
using AdminConsole.Core.Changes;
using AdminConsole.Core.Email;
using MimeKit;

namespace AdminConsole.Tests.Email;

public sealed class EmailTemplateTests
{
    private static readonly MailLinks Links = new(() => new Uri("https://console.example.com/base/"));

    private static OutgoingMail Mail(EmailMessage email, string to = "ana@example.com") =>
        new(Guid.CreateVersion7(DateTimeOffset.UnixEpoch), email.Kind, to, DateTimeOffset.UnixEpoch, EmailRenderer.Render(email, Links));

    [Fact]
    public void User_input_is_escaped_everywhere()
    {
        const string evil = "<script>alert(1)</script>\"'&";
        var email = new EmailMessage("test", evil, evil)
        {
            Facts = [(evil, evil)],
            Link = new(evil, "x", ("token", evil)),
            Note = evil,
        };

        var html = EmailRenderer.Render(email, Links).Html;

        Assert.DoesNotContain("<script", html, StringComparison.Ordinal);
        Assert.Contains("&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&amp;", html, StringComparison.Ordinal);
        Assert.Contains("https://console.example.com/base/x?token=%3Cscript%3E", html, StringComparison.Ordinal);
    }

    private static string Written(OutgoingMail mail, string from = "console@example.com")
    {
        using var message = MessageFactory.Create(mail, MessageFactory.ParseSender(from)!);
        using var written = new MemoryStream();
        message.WriteTo(MessageFactory.Format(utf8: false), written);
        return Encoding.UTF8.GetString(written.ToArray());
    }

    private static MimeMessage Read(string message) => MimeMessage.Load(new MemoryStream(Encoding.UTF8.GetBytes(message)));

    [Fact]
    public void A_line_break_makes_no_header()
    {
        var email = new EmailMessage("test", "Hello\r\nBcc: eve@example.com\r\n\r\nbody", "x\r\nBcc: eve@example.com\r\ny");

        var message = Written(Mail(email), "Console <console@example.com>");

        Assert.Equal("Hello  Bcc: eve@example.com    body", Read(message).Subject);
        Assert.DoesNotContain("\r\nBcc:", message, StringComparison.OrdinalIgnoreCase);
        Assert.All(message.Split("\r\n"), line => Assert.True(line.Length <= 998 && line.All(char.IsAscii)));
        Assert.Null(MessageFactory.ParseSender("Console\r\nBcc: eve@example.com <console@example.com>"));
    }

    [Fact]
    public void The_text_is_readable_in_the_file_and_no_line_is_long()
    {
        var message = Written(
            Mail(new EmailMessage("test", "Hello", "Grüße an alle. " + new string('x', 2000)) { Link = new("Open", "x") })
        );

        Assert.Contains("Gr=C3=BC=C3=9Fe an alle. xxx", message, StringComparison.Ordinal);
        Assert.Contains("\r\nhttps://console.example.com/base/x\r\n", message, StringComparison.Ordinal);
        Assert.DoesNotContain("base64", message, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain('\n', message.Replace("\r\n", "", StringComparison.Ordinal));
        Assert.All(message.Split("\r\n"), line => Assert.True(line.Length <= 100));
        Assert.StartsWith("Grüße an alle. xxx", Read(message).TextBody, StringComparison.Ordinal);
    }

    [Fact]
    public void An_email_that_is_sent_twice_is_identical()
    {
        var mail = Mail(new EmailMessage("test", "Hello", "World")) with
        {
            At = new DateTimeOffset(2026, 11, 29, 12, 0, 0, TimeSpan.FromHours(2)),
        };

        var message = Written(mail);

        Assert.Equal(message, Written(mail));
        Assert.Contains("\r\nDate: Sun, 29 Nov 2026 10:00:00 +0000\r\n", message, StringComparison.Ordinal);
        Assert.Contains($"\r\nMessage-Id: <{mail.Id:N}@example.com>\r\n", message, StringComparison.Ordinal);
        Assert.Contains("\r\nAuto-Submitted: auto-generated\r\n", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ana@bücher.example", "ana@xn--bcher-kva.example")]
    [InlineData("ana@xn--bcher-kva.example", "ana@xn--bcher-kva.example")]
    public void An_international_domain_is_written_as_punycode(string address, string written) =>
        Assert.Contains($"\r\nTo: {written}\r\n", Written(Mail(new EmailMessage("test", "x", "y"), address)), StringComparison.Ordinal);

    [Theory]
    [InlineData("ana@example.com\r\nBcc: eve@example.com")]
    [InlineData("ana@example.com,eve@example.com")]
    [InlineData("ana@example.com> SIZE=1")]
    [InlineData("a b@example.com")]
    [InlineData("nobody")]
    [InlineData("")]
    [InlineData("ana@")]
    [InlineData("@example.com")]
    [InlineData("ana@example..com")]
    [InlineData("ana@example.com\0")]
    [InlineData("ana(comment)@example.com")]
    [InlineData("Ana:ana@example.com;")]
    public void Anything_but_one_address_is_refused(string address) =>
        Assert.Throws<MailRefusedException>(() => Written(Mail(new EmailMessage("test", "x", "y"), address)));

    [Fact]
    public void A_lone_surrogate_in_an_address_is_refused() =>
        Assert.Throws<MailRefusedException>(() => Written(Mail(new EmailMessage("test", "x", "y"), "ana@" + '\ud800' + ".example")));

    [Fact]
    public void A_long_subject_in_any_script_is_preserved()
    {
        var subject = string.Concat(Enumerable.Repeat("Grüße 你好 🙂 ", 8)).Trim();

        var message = Written(Mail(new EmailMessage("test", subject, "x")));

        Assert.Equal(subject, Read(message).Subject);
        Assert.All(message.Split("\r\n"), line => Assert.True(line.Length <= 100 && line.All(char.IsAscii)));
    }

    [Fact]
    public void Retries_back_off_to_two_hours()
    {
        Assert.Equal(TimeSpan.FromSeconds(30), OutboxWorker.WaitAfter(1));
        Assert.Equal(TimeSpan.FromMinutes(4), OutboxWorker.WaitAfter(4));
        Assert.Equal(TimeSpan.FromHours(2), OutboxWorker.WaitAfter(15));
    }
}
