using Microsoft.AspNetCore.DataProtection;

namespace AdminConsole.Core.Providers;

/// <summary>Encrypts the client secrets of identity providers with the data protection key ring. Encrypt before a
/// change, because data protection may have to store a new key of its own.</summary>
public sealed class ProviderSecrets(IDataProtectionProvider protection)
{
    private readonly IDataProtector protector = protection.CreateProtector("AdminConsole.IdentityProviders");

    public string Protect(string secret) => protector.Protect(secret);

    public string Unprotect(IdentityProvider provider) => protector.Unprotect(provider.ProtectedSecret);
}
