using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using MailKit.Net.Smtp;

namespace AdminConsole.Core.Email;

/// <summary>MailKit's client with certificate checks that cannot be disabled. The chain must lead to a trusted
/// authority, and the certificate must be for the host name. The conversation is not logged, because no protocol logger
/// is set.</summary>
internal sealed class StrictSmtpClient : SmtpClient
{
    private readonly X509Certificate2Collection? trusted;

    /// <param name="trusted">Authorities to trust instead of the system's; null for the system's.</param>
    public StrictSmtpClient(X509Certificate2Collection? trusted)
    {
        this.trusted = trusted;
        // MailKit's default is the machine's host name, which would appear in the headers of each email.
        LocalDomain = "127.0.0.1";
        ServerCertificateValidationCallback = (_, _, chain, errors) =>
        {
            CertificateProblem = Describe(chain, errors);
            return errors == SslPolicyErrors.None;
        };
    }

    /// <summary>Why the server's certificate was rejected; null if it was accepted.</summary>
    public string? CertificateProblem { get; private set; }

    protected override SslClientAuthenticationOptions GetSslClientAuthenticationOptions(
        string host,
        RemoteCertificateValidationCallback remoteCertificateValidationCallback
    )
    {
        var tls = base.GetSslClientAuthenticationOptions(host, remoteCertificateValidationCallback);
        // No revocation check: private authorities rarely publish a list, and an unreachable list would stop all email.
        tls.CertificateChainPolicy = new X509ChainPolicy { RevocationMode = X509RevocationMode.NoCheck };
        if (trusted is not null)
        {
            tls.CertificateChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            tls.CertificateChainPolicy.CustomTrustStore.AddRange(trusted);
        }

        return tls;
    }

    private static string? Describe(X509Chain? chain, SslPolicyErrors errors) =>
        errors == SslPolicyErrors.None ? null
        : errors.HasFlag(SslPolicyErrors.RemoteCertificateNotAvailable) ? "the server has no certificate"
        : errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch) ? "the certificate is for another host name"
        : $"the certificate isn't trusted ({string.Join(", ", chain?.ChainStatus.Select(status => status.Status) ?? [])})";
}
