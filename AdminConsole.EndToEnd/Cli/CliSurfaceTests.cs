using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;

namespace AdminConsole.EndToEnd.Cli;

/// <summary>Behaviour of all commands: exit codes, completion, versions, an unreachable server.</summary>
public sealed class CliSurfaceTests(SqliteApp app) : IClassFixture<SqliteApp>
{
    [Theory]
    [InlineData("frobnicate")]
    [InlineData("users")]
    [InlineData("users", "show")]
    [InlineData("users", "list", "--limit", "0")]
    [InlineData("users", "list", "--nonsense")]
    [InlineData("users", "list", "--active", "--inactive")]
    [InlineData("login", "--password", "--token")]
    [InlineData("audit", "list", "--from", "yesterday-ish")]
    [InlineData("completion", "tcsh")]
    public async Task An_invalid_command_line_exits_with_2(params string[] arguments)
    {
        using var shell = new Shell(app.Root);
        shell.Environment["ADMINCONSOLE_TOKEN"] = "acpat_nonsense";

        var outcome = await shell.RunAsync(arguments);

        outcome.Refuses(2, "adminctl: ");
    }

    [Fact]
    public async Task Without_a_server_the_error_explains_how_to_configure_one()
    {
        using var shell = new Shell(server: null);

        (await shell.RunAsync("whoami")).Refuses(2, "--server");
        (await shell.RunAsync("whoami", "--server", "ftp://example.com")).Refuses(2, "ftp://example.com");
    }

    [Fact]
    public async Task An_unreachable_server_exits_with_4_in_text_and_in_json()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var closed = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        using var shell = new Shell(new Uri($"http://127.0.0.1:{closed}/"));
        shell.Environment["ADMINCONSOLE_TOKEN"] = "acpat_nonsense";

        (await shell.RunAsync("whoami")).Refuses(4, "cannot be reached");
        var outcome = (await shell.RunAsync("whoami", "--json")).Is(4);

        Assert.Equal("unreachable", JsonDocument.Parse(outcome.Errors).RootElement.GetProperty("code").GetString());
    }

    [Fact]
    public async Task A_bad_certificate_is_reported()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256).CreateSelfSigned(
            DateTimeOffset.UnixEpoch,
            DateTimeOffset.UnixEpoch.AddYears(200)
        );
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var serving = ServeOnceAsync(listener, certificate);
        using var shell = new Shell(new Uri($"https://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/"));
        shell.Environment["ADMINCONSOLE_TOKEN"] = "acpat_nonsense";

        var outcome = await shell.RunAsync("whoami");

        outcome.Refuses(4, "certificate is not trusted");
        await serving;
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 5\r\nConnection: close\r\n\r\nHello")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\nConnection: close\r\n\r\n[]")]
    [InlineData("HTTP/1.1 302 Found\r\nLocation: https://elsewhere.example/\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")]
    [InlineData("HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 500\r\nConnection: close\r\n\r\n{\"id\":")]
    [InlineData("not http at all\r\n\r\n")]
    public async Task Another_service_at_the_address_exits_with_4(string answer)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var serving = AnswerOnceAsync(listener, answer);
        using var shell = new Shell(new Uri($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/"));
        shell.Environment["ADMINCONSOLE_TOKEN"] = "acpat_nonsense";

        var outcome = await shell.RunAsync("whoami");

        outcome.Refuses(4, "adminctl: ");
        await serving;
    }

    [Fact]
    public async Task The_version_is_compared_with_the_servers()
    {
        using var shell = new Shell(app.Root);

        Outcome same = default!;
        // The version check does not wait for a slow server.
        await AdminApp.UntilAsync(
            async () =>
            {
                same = (await shell.RunAsync("--version", "--json")).Is(0);
                return same.Json.TryGetProperty("serverVersion", out _);
            },
            "the server answered in time"
        );
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var serving = AnswerOnceAsync(
            listener,
            "HTTP/1.1 200 OK\r\nAdminConsole-Version: 99.0.0\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        );
        var apart = (await shell.RunAsync("--version", "--server", $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}")).Is(0);
        await serving;

        Assert.Equal(same.Json.GetProperty("version").GetString(), same.Json.GetProperty("serverVersion").GetString());
        Assert.Empty(same.Errors);
        Assert.Contains("99.0.0", apart.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bash_completes_commands_and_options()
    {
        using var shell = new Shell(app.Root);

        // Simulates Tab in bash after "adminctl users de".
        var outcome = await shell.RunOtherAsync(
            "bash",
            "-c",
            $$"""
            source <('{{Shell.Program}}' completion bash)
            COMP_WORDS=(adminctl users de); COMP_CWORD=2; COMP_LINE='adminctl users de'; COMP_POINT=${#COMP_LINE}
            _adminctl '{{Shell.Program}}'
            printf '%s\n' "${COMPREPLY[@]}"
            COMP_WORDS=(adminctl users list --s); COMP_CWORD=3; COMP_LINE='adminctl users list --s'; COMP_POINT=${#COMP_LINE}
            _adminctl '{{Shell.Program}}'
            printf '%s\n' "${COMPREPLY[@]}"
            """
        );

        Assert.Equal(["deactivate", "delete", "--search", "--server", "--sort", "--source", "--status"], outcome.Is(0).Lines);
    }

    [Theory]
    [InlineData("bash", "-n")]
    [InlineData("zsh", "-n")]
    [InlineData("fish", "--no-execute")]
    public async Task A_completion_script_can_be_read_by_its_shell(string name, string check)
    {
        using var shell = new Shell(app.Root);
        var script = Path.Combine(shell.Home, "completion");
        await File.WriteAllTextAsync(script, (await shell.RunAsync("completion", name)).Is(0).Output);

        // Shells that are not installed are skipped.
        if ((await shell.RunOtherAsync("sh", "-c", $"command -v {name}")).ExitCode == 0)
        {
            (await shell.RunOtherAsync(name, check, script)).Is(0);
        }

        Assert.Contains("[suggest:", await File.ReadAllTextAsync(script), StringComparison.Ordinal);
    }

    private static async Task ServeOnceAsync(TcpListener listener, X509Certificate2 certificate)
    {
        using var client = await listener.AcceptTcpClientAsync();
        await using var secure = new SslStream(client.GetStream());
        try
        {
            await secure.AuthenticateAsServerAsync(certificate);
            await secure.ReadExactlyAsync(new byte[1]);
        }
        catch (Exception refused) when (refused is IOException or AuthenticationException)
        {
            // The client rejects the certificate.
        }
    }

    private static async Task AnswerOnceAsync(TcpListener listener, string answer)
    {
        using var client = await listener.AcceptTcpClientAsync();
        var stream = client.GetStream();
        using var reader = new StreamReader(stream, leaveOpen: true);
        while (await reader.ReadLineAsync() is { Length: > 0 }) { }

        await stream.WriteAsync(Encoding.ASCII.GetBytes(answer));
    }
}
