using AdminConsole.Core.Common;

namespace AdminConsole.Core.Providers;

/// <summary>Decides whether an address is accepted as an issuer.</summary>
/// <param name="AllowsLoopbackHttp">True to accept <c>http</c> for this machine, for development.</param>
public sealed record IssuerPolicy(bool AllowsLoopbackHttp)
{
    /// <summary>Returns null if the address can be an issuer; otherwise <c>validation_failed</c>. An issuer has no query
    /// and no fragment (OpenID Connect Core 1.0, section 2).</summary>
    public Refusal? Check(string issuer)
    {
        if (!Uri.TryCreate(issuer, UriKind.Absolute, out var address) || address is not { Query: "", Fragment: "", UserInfo: "" })
        {
            return Refusal.InvalidField("issuer", "Enter an https URL without a query or fragment.");
        }

        return address.Scheme == Uri.UriSchemeHttps || AllowsHttp(address)
            ? null
            : Refusal.InvalidField("issuer", "The issuer must be an https URL.");
    }

    /// <summary>True if this address may be used without encryption.</summary>
    public bool AllowsHttp(Uri address) => AllowsLoopbackHttp && address.Scheme == Uri.UriSchemeHttp && address.IsLoopback;
}
