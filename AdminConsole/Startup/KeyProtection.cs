using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.DataProtection;

namespace AdminConsole.Startup;

/// <summary>Reads the certificate that encrypts the keys of data protection in the database, from
/// <c>DataProtection:Certificate</c> and <c>DataProtection:Password</c> (PKCS#12).</summary>
internal static class KeyProtection
{
    private const string Key = "DataProtection:Certificate";

    public static X509Certificate2? Read(IConfiguration configuration, string root)
    {
        if (configuration[Key] is not { Length: > 0 } file)
        {
            return null;
        }

        try
        {
            var certificate = X509CertificateLoader.LoadPkcs12FromFile(
                Path.GetFullPath(file, root),
                configuration["DataProtection:Password"]
            );
            return certificate.GetRSAPrivateKey() is not null
                ? certificate
                : throw new SettingsException($"{Key}: {file} has no RSA private key, which decryption requires.");
        }
        catch (Exception exception) when (exception is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new SettingsException($"{Key} cannot be read: {exception.Message}");
        }
    }

    /// <summary>Encrypts new keys with the certificate. Existing keys stay as they are and remain valid.</summary>
    public static void AddKeyProtection(this IServiceCollection services, X509Certificate2? certificate)
    {
        if (certificate is not null)
        {
            services.AddDataProtection().ProtectKeysWithCertificate(certificate).UnprotectKeysWithAnyCertificate(certificate);
        }
    }
}
