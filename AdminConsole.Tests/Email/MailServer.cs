using System.Collections.Concurrent;
using System.Diagnostics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;

namespace AdminConsole.Tests.Email;

/// <summary>An email that the mail server accepted.</summary>
public sealed record TakenMail(string[] To, string From, bool Secure, string? User, string Message);

/// <summary>Installs the mail server from the package registry once, and creates a certificate authority and a
/// certificate for localhost.</summary>
public sealed class MailServers : IAsyncLifetime
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("adminconsole-smtp-");

    public string Authority => Path.Combine(folder.FullName, "authority.crt");

    public async ValueTask InitializeAsync()
    {
        foreach (var file in Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "SmtpServer")))
        {
            File.Copy(file, Path.Combine(folder.FullName, Path.GetFileName(file)));
        }

        using var install = Process.Start(
            new ProcessStartInfo("npm", ["install", "--no-audit", "--no-fund", "--no-package-lock", "--prefer-offline"])
            {
                WorkingDirectory = folder.FullName,
                RedirectStandardOutput = true,
                UseShellExecute = false,
            }
        )!;
        using var timeout = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        await install.WaitForExitAsync(timeout.Token);
        Assert.Equal(0, install.ExitCode);
        MakeCertificates();
    }

    public ValueTask DisposeAsync()
    {
        folder.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }

    /// <summary>Starts a mail server. <paramref name="certificate"/> is the host name of its certificate: localhost or
    /// elsewhere.</summary>
    public Task<MailServer> StartAsync(
        int port = 0,
        bool secure = false,
        bool startTls = false,
        string? certificate = null,
        string[]? methods = null,
        string? user = null,
        string? password = null,
        string? token = null,
        string? refuse = null
    ) =>
        MailServer.StartAsync(
            folder.FullName,
            JsonSerializer.Serialize(
                new
                {
                    port,
                    secure,
                    startTls,
                    certificate = certificate is null ? null : PathOf(certificate),
                    methods,
                    user,
                    password,
                    token,
                    refuse,
                }
            )
        );

    /// <summary>Returns the certificate authority, to be trusted.</summary>
    public X509Certificate2Collection Trusted()
    {
        var trusted = new X509Certificate2Collection();
        trusted.ImportFromPemFile(Authority);
        return trusted;
    }

    /// <summary>Returns the certificate for localhost with its key.</summary>
    public X509Certificate2 Certificate()
    {
        using var certificate = X509Certificate2.CreateFromPemFile($"{PathOf("localhost")}.crt", $"{PathOf("localhost")}.key");
        return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null);
    }

    /// <summary>Returns the path of a temporary file, which is deleted after the tests.</summary>
    public string PathOf(string name) => Path.Combine(folder.FullName, name);

    private void MakeCertificates()
    {
        var (from, to) = (TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddDays(30));
        using var authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=Test authority", authorityKey, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using var authority = request.CreateSelfSigned(from, to);
        File.WriteAllText(Authority, authority.ExportCertificatePem());
        foreach (var name in new[] { "localhost", "elsewhere" })
        {
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            var leaf = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
            var names = new SubjectAlternativeNameBuilder();
            names.AddDnsName(name);
            leaf.CertificateExtensions.Add(names.Build());
            using var certificate = leaf.Create(authority, from, to, RandomNumberGenerator.GetBytes(8));
            File.WriteAllText(Path.Combine(folder.FullName, $"{name}.crt"), certificate.ExportCertificatePem());
            File.WriteAllText(Path.Combine(folder.FullName, $"{name}.key"), key.ExportPkcs8PrivateKeyPem());
        }
    }
}

/// <summary>A mail server in a separate process.</summary>
public sealed class MailServer : IDisposable
{
    private readonly Process process;
    private readonly TaskCompletionSource<int> listening = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private MailServer(Process process) => this.process = process;

    public int Port { get; private set; }

    public ConcurrentQueue<TakenMail> Mails { get; } = new();

    internal static async Task<MailServer> StartAsync(string folder, string options)
    {
        var started = new Process
        {
            StartInfo = new ProcessStartInfo("node", ["server.js", options])
            {
                WorkingDirectory = folder,
                RedirectStandardOutput = true,
                UseShellExecute = false,
            },
        };
        var server = new MailServer(started);
        started.OutputDataReceived += (_, line) => server.Take(line.Data);
        started.Start();
        started.BeginOutputReadLine();
        server.Port = await server.listening.Task.WaitAsync(TimeSpan.FromSeconds(60));
        return server;
    }

    /// <summary>Kills the process with SIGKILL.</summary>
    public void Kill()
    {
        process.Kill();
        process.WaitForExit();
    }

    public void Dispose()
    {
        if (!process.HasExited)
        {
            Kill();
        }

        process.Dispose();
    }

    private void Take(string? line)
    {
        if (line is null)
        {
            return;
        }

        var output = JsonSerializer.Deserialize<JsonElement>(line);
        if (output.TryGetProperty("listening", out var port))
        {
            listening.TrySetResult(port.GetInt32());
        }
        else
        {
            Mails.Enqueue(output.Deserialize<TakenMail>(JsonSerializerOptions.Web)!);
        }
    }
}
