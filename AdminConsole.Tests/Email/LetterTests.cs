using AdminConsole.Core.Email;

namespace AdminConsole.Tests.Email;

public sealed class LetterTests
{
    private static readonly MailLinks Links = new(() => new Uri("https://console.example.com/base/"));

    private static OutgoingMail Mail(Letter letter, string to = "ana@example.com") =>
        new(Guid.CreateVersion7(DateTimeOffset.UnixEpoch), letter.Kind, to, DateTimeOffset.UnixEpoch, LetterLayout.Render(letter, Links));

    [Fact]
    public void What_people_wrote_is_escaped_everywhere()
    {
        const string evil = "<script>alert(1)</script>\"'&";
        var letter = new Letter("test", evil, evil) { Facts = [(evil, evil)], Link = new(evil, "/x", ("token", evil)), Note = evil };

        var html = LetterLayout.Render(letter, Links).Html;

        Assert.DoesNotContain("<script", html, StringComparison.Ordinal);
        Assert.Contains("&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&amp;", html, StringComparison.Ordinal);
        Assert.Contains("https://console.example.com/base/x?token=%3Cscript%3E", html, StringComparison.Ordinal);
    }

    [Fact]
    public void A_line_break_makes_no_header()
    {
        var letter = new Letter("test", "Hello\r\nBcc: eve@example.com\r\n\r\nbody", "x\r\n.\r\ny");

        var message = MimeMessage.Compose(Mail(letter), "Console <console@example.com>");

        Assert.DoesNotContain("\r\nBcc:", message, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("\r\n.\r\n", message, StringComparison.Ordinal);
        Assert.All(message.Split("\r\n"), line => Assert.True(line.Length <= 998 && line.All(char.IsAscii)));
    }

    [Theory]
    [InlineData("ana@example.com\r\nBcc: eve@example.com")]
    [InlineData("ana@example.com,eve@example.com")]
    [InlineData("ana@example.com> SIZE=1")]
    [InlineData("a b@example.com")]
    [InlineData("nobody")]
    public void What_is_not_one_address_is_refused(string address) =>
        Assert.Throws<MailRefusedException>(() => MimeMessage.Compose(Mail(new Letter("test", "x", "y"), address), "console@example.com"));

    [Fact]
    public void A_long_subject_in_any_script_comes_back_whole()
    {
        var subject = string.Concat(Enumerable.Repeat("Grüße 你好 🙂 ", 8)).Trim();

        var message = MimeMessage.Compose(Mail(new Letter("test", subject, "x")), "console@example.com");

        var header = message[message.IndexOf("Subject: ", StringComparison.Ordinal)..];
        var words = header[9..header.IndexOf("\r\nMessage-ID", StringComparison.Ordinal)].Split("\r\n ");
        Assert.All(words, word => Assert.True(word.Length <= 75));
        Assert.Equal(subject, string.Concat(words.Select(word => System.Text.Encoding.UTF8.GetString(Convert.FromBase64String(word[10..^2])))));
    }

    [Fact]
    public void Waiting_grows_to_two_hours()
    {
        Assert.Equal(TimeSpan.FromSeconds(30), OutboxWorker.WaitAfter(1));
        Assert.Equal(TimeSpan.FromMinutes(4), OutboxWorker.WaitAfter(4));
        Assert.Equal(TimeSpan.FromHours(2), OutboxWorker.WaitAfter(15));
    }
}
