using System.Text;

namespace AdminConsole.Core.Email;

/// <summary>The server or the connection to it failed; another time may be better.</summary>
public sealed class SmtpException(string message, Exception? cause = null) : Exception(message, cause);

/// <summary>An answer of a mail server: its code and its lines, without the codes.</summary>
internal sealed record SmtpAnswer(int Code, IReadOnlyList<string> Lines)
{
    private const int Shown = 200;

    /// <summary>As it may be logged: one line, not too long, no control characters.</summary>
    public override string ToString()
    {
        var text = $"{Code} {LetterLayout.OneLine(string.Join(' ', Lines))}";
        return text.Length <= Shown ? text : text[..Shown];
    }
}

/// <summary>Lines to and from a mail server; what it sends is bounded.</summary>
internal sealed class SmtpStream(Stream inner) : IAsyncDisposable
{
    private const int MaxLine = 2048;
    private const int MaxLines = 100;

    private readonly byte[] buffer = new byte[4096];
    private int at;
    private int filled;

    public async Task WriteAsync(string line, CancellationToken ct)
    {
        await inner.WriteAsync(Encoding.UTF8.GetBytes(line + "\r\n"), ct);
        await inner.FlushAsync(ct);
    }

    public async Task<SmtpAnswer> ReadAsync(CancellationToken ct)
    {
        var lines = new List<string>();
        while (true)
        {
            var line = await ReadLineAsync(ct);
            if (line.Length < 3 || !int.TryParse(line.AsSpan(0, 3), out var code) || (line.Length > 3 && line[3] is not (' ' or '-')) || lines.Count == MaxLines)
            {
                throw new SmtpException("What answers is not a mail server.");
            }

            lines.Add(line.Length > 4 ? line[4..] : "");
            if (line.Length == 3 || line[3] == ' ')
            {
                return new SmtpAnswer(code, lines);
            }
        }
    }

    /// <summary>Throws where something came that nobody has read.</summary>
    public void RefuseLeftovers()
    {
        if (at < filled)
        {
            throw new SmtpException("The mail server said more than it may before TLS.");
        }
    }

    public ValueTask DisposeAsync() => inner.DisposeAsync();

    private async Task<string> ReadLineAsync(CancellationToken ct)
    {
        var line = new StringBuilder();
        while (true)
        {
            if (at == filled)
            {
                (at, filled) = (0, await inner.ReadAsync(buffer, ct));
                if (filled == 0)
                {
                    throw new SmtpException("The mail server closed the connection.");
                }
            }

            var letter = (char)buffer[at++];
            if (letter == '\n')
            {
                return line.ToString().TrimEnd('\r');
            }

            line.Append(letter);
            if (line.Length > MaxLine)
            {
                throw new SmtpException("The mail server's answer is too long.");
            }
        }
    }
}
