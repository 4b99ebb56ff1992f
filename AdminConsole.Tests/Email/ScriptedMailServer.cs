using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace AdminConsole.Tests.Email;

/// <summary>A mail server for one connection with scripted responses, including invalid ones. It accepts every other
/// command.</summary>
public sealed class ScriptedMailServer : IDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly (string Command, string Answer)[] answers;
    private readonly X509Certificate2? certificate;
    private readonly CancellationTokenSource end = new();
    private readonly Task serving;

    /// <summary><param name="certificate">The certificate for STARTTLS.</param>
    /// <param name="answers">The beginning of a command and the response to it; "" is the greeting, "." the end of the
    /// message.</param></summary>
    public ScriptedMailServer(X509Certificate2? certificate = null, params (string Command, string Answer)[] answers)
    {
        (this.certificate, this.answers) = (certificate, answers);
        listener.Start();
        serving = ServeAsync();
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    /// <summary>The received commands and message lines in order.</summary>
    public ConcurrentQueue<string> Lines { get; } = new();

    public void Dispose()
    {
        end.Cancel();
        listener.Dispose();
        certificate?.Dispose();
        end.Dispose();
    }

    private async Task ServeAsync()
    {
        using var client = await listener.AcceptTcpClientAsync(end.Token);
        Stream stream = client.GetStream();
        await SayAsync(stream, Answer("", "220 test"));
        var inMessage = false;
        while (await ReadLineAsync(stream) is { } line)
        {
            Lines.Enqueue(line);
            if (inMessage && line != ".")
            {
                continue;
            }

            inMessage = false;
            var answer = Answer(
                line,
                line.StartsWith("EHLO", StringComparison.Ordinal) ? "250 test"
                    : line == "DATA" ? "354 go"
                    : "250 done"
            );
            await SayAsync(stream, answer);
            inMessage = line == "DATA" && answer.StartsWith("354", StringComparison.Ordinal);
            if (line == "STARTTLS" && answer.StartsWith("220", StringComparison.Ordinal))
            {
                var tls = new SslStream(stream);
                await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = certificate }, end.Token);
                stream = tls;
            }
        }
    }

    private string Answer(string command, string otherwise) =>
        Array
            .Find(
                answers,
                answer => answer.Command.Length == 0 ? command.Length == 0 : command.StartsWith(answer.Command, StringComparison.Ordinal)
            )
            .Answer
        ?? otherwise;

    private async Task SayAsync(Stream stream, string answer)
    {
        // "…" repeats the previous line until the client disconnects.
        var endless = answer.EndsWith('…');
        do
        {
            await stream.WriteAsync(Encoding.UTF8.GetBytes(answer.TrimEnd('…') + "\r\n"), end.Token);
        } while (endless);
    }

    private async Task<string?> ReadLineAsync(Stream stream)
    {
        var line = new List<byte>();
        var one = new byte[1];
        while (await stream.ReadAsync(one, end.Token) == 1)
        {
            if (one[0] == '\n')
            {
                return Encoding.UTF8.GetString([.. line]).TrimEnd('\r');
            }

            line.Add(one[0]);
        }

        return null;
    }
}
