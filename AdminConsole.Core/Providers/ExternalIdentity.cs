using System.Security.Cryptography;
using System.Text;
using AdminConsole.Core.Common;

namespace AdminConsole.Core.Providers;

/// <summary>A user as a provider's verified ID token and user info describe them.</summary>
/// <param name="ProviderId">The provider.</param>
/// <param name="ProviderVersion">When the provider was last changed before the response was verified. The response is
/// not accepted after another change, which may name another issuer.</param>
/// <param name="Subject">The provider's id of the user (<c>sub</c>).</param>
public sealed record ExternalIdentity(Guid ProviderId, DateTimeOffset ProviderVersion, string Subject)
{
    // The length of the column in Identity's schema.
    private const int MaxKey = 128;

    // OpenID Connect Core 1.0, section 2.
    private const int MaxSubject = 255;

    public string? Email { get; init; }

    public bool EmailVerified { get; init; }

    public string? Name { get; init; }

    public IReadOnlyList<string> Groups { get; init; } = [];

    /// <summary>True if the provider left groups out of its response because there were too many.</summary>
    public bool HasMoreGroups { get; init; }

    /// <summary>The values of <c>amr</c> and <c>acr</c>.</summary>
    public IReadOnlyList<string> AuthenticationContext { get; init; } = [];

    /// <summary>The provider's id of its session (<c>sid</c>); null if it sent none.</summary>
    public string? SessionId { get; init; }

    /// <summary>When the user authenticated at the provider (<c>auth_time</c>); null if the provider didn't send it.</summary>
    public DateTimeOffset? AuthenticatedAt { get; init; }

    /// <summary>The key of the account's link to the provider.</summary>
    public string Key => KeyOf(Subject);

    /// <summary>True if the text can be a subject or session id, and be stored.</summary>
    public static bool IsId(string? text) => text is { Length: > 0 and <= MaxSubject } && Validation.IsStorable(text);

    public static string KeyOf(string subject) =>
        subject.Length <= MaxKey ? subject : "sha256:" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(subject)));

    /// <summary>True if the provider reported one of the second-factor values in its settings.</summary>
    public bool HasSecondFactor(IdentityProvider provider) => AuthenticationContext.Any(provider.SecondFactorValues.Contains);
}
