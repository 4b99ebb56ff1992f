using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Names;

namespace AdminConsole.Core.Providers;

/// <summary>Checks the description of a provider that an administrator entered.</summary>
internal static class ProviderInput
{
    private const string OpenId = "openid";

    private static readonly string[] DefaultScopes = [OpenId, "profile", "email"];

    /// <summary>Trims all texts, removes duplicates and applies defaults.</summary>
    public static ProviderRequest Normalize(ProviderRequest request) =>
        request with
        {
            Name = UnicodeText.Compose(request.Name.Trim()),
            Issuer = request.Issuer.Trim(),
            ClientId = request.ClientId.Trim(),
            ClientSecret = string.IsNullOrWhiteSpace(request.ClientSecret) ? null : request.ClientSecret.Trim(),
            ClientAuthentication = request.ClientAuthentication ?? ClientAuthentications.Post,
            Scopes = [.. Trimmed([OpenId]).Concat(Trimmed(request.Scopes ?? DefaultScopes)).Distinct()],
            GroupsClaim = string.IsNullOrWhiteSpace(request.GroupsClaim) ? null : request.GroupsClaim.Trim(),
            AllowedDomains = Trimmed(request.AllowedDomains).ConvertAll(DomainOf),
            AllowedGroups = Trimmed(request.AllowedGroups),
            Admission = request.Admission ?? Admissions.Existing,
            SecondFactorValues = Trimmed(request.SecondFactorValues),
        };

    /// <summary>Returns null if the normalized request is valid; otherwise <c>validation_failed</c>.</summary>
    public static Refusal? Check(ProviderRequest request, IssuerPolicy issuers, bool isNew) =>
        Validation.Check(request)
        ?? NameText.Check("name", request.Name)
        ?? CheckReserved(request.Name)
        ?? issuers.Check(request.Issuer)
        ?? NameText.CheckText("clientId", request.ClientId)
        ?? (isNew && request.ClientSecret is null ? Refusal.InvalidField("clientSecret", "Enter the client secret.") : null)
        ?? CheckOneOf("clientAuthentication", request.ClientAuthentication, ClientAuthentications.All)
        ?? CheckEach("scopes", request.Scopes!, IsToken, "A scope has no spaces or quotes.")
        ?? (request.GroupsClaim is { } claim ? NameText.CheckText("groupsClaim", claim) : null)
        ?? CheckEach("allowedDomains", request.AllowedDomains!, IsDomain, "Enter domains such as example.com.")
        ?? CheckEach("allowedGroups", request.AllowedGroups!, IsGroup, $"A group has 1 to {Limits.GroupName} characters.")
        ?? CheckOneOf("admission", request.Admission, Admissions.All)
        ?? CheckEach("secondFactorValues", request.SecondFactorValues!, IsToken, "A value has no spaces or quotes.")
        ?? CheckAdmission(request);

    /// <summary>Returns the domain of an email, in the form in which domains are compared.</summary>
    public static string DomainOf(string emailOrDomain) =>
        EmailAddress.Fold("x@" + emailOrDomain[(emailOrDomain.LastIndexOf('@') + 1)..])[2..].ToLowerInvariant();

    /// <summary>True if the text can name a group.</summary>
    public static bool IsGroup(string group) =>
        group.Length is > 0 and <= Limits.GroupName && Validation.IsStorable(group) && !group.Any(char.IsControl);

    private static List<string> Trimmed(IReadOnlyList<string>? texts) =>
        [.. (texts ?? []).Where(text => !string.IsNullOrWhiteSpace(text)).Select(text => text.Trim()).Distinct()];

    // The source of accounts without a provider has this name.
    private static Refusal? CheckReserved(string name) =>
        name.Equals(UserSources.Local, StringComparison.OrdinalIgnoreCase)
            ? Refusal.InvalidField("name", "This name is reserved. Choose another one.")
            : null;

    private static Refusal? CheckOneOf(string field, string value, IReadOnlyList<string> allowed) =>
        allowed.Contains(value) ? null : Refusal.InvalidField(field, $"Use one of: {string.Join(", ", allowed)}.");

    private static Refusal? CheckEach(string field, IReadOnlyList<string> values, Func<string, bool> isValid, string message) =>
        values.All(isValid) ? null : Refusal.InvalidField(field, message);

    // RFC 6749, section 3.3.
    private static bool IsToken(string text) => text.Length <= 200 && text.All(c => c is > ' ' and <= '~' and not '"' and not '\\');

    private static bool IsDomain(string domain) => EmailAddress.Check("email", "x@" + domain) is null;

    private static Refusal? CheckAdmission(ProviderRequest request)
    {
        if (request.AllowedGroups!.Count > 0 && request.GroupsClaim is null)
        {
            return Refusal.InvalidField("groupsClaim", "Enter the claim that contains the groups.");
        }

        return request.Admission == Admissions.Domains && request.AllowedDomains!.Count + request.AllowedGroups.Count == 0
            ? Refusal.InvalidField("allowedDomains", "Enter the domains or groups that get an account.")
            : null;
    }
}
