using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;

namespace AdminConsole.Components.Pages.Providers;

/// <summary>The unsaved texts of an identity provider on its page, by the names of the fields in the API.</summary>
public sealed class ProviderDraft
{
    public const string Name = "name";
    public const string Issuer = "issuer";
    public const string ClientId = "clientId";
    public const string ClientSecret = "clientSecret";
    public const string ClientAuthentication = "clientAuthentication";
    public const string Scopes = "scopes";
    public const string Admission = "admission";
    public const string AllowedDomains = "allowedDomains";
    public const string GroupsClaim = "groupsClaim";
    public const string AllowedGroups = "allowedGroups";
    public const string SecondFactorValues = "secondFactorValues";

    private const StringSplitOptions Trimmed = StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries;

    // In the order of the page.
    private static readonly string[] Fields =
    [
        Name,
        Issuer,
        ClientId,
        ClientSecret,
        ClientAuthentication,
        Scopes,
        Admission,
        AllowedDomains,
        GroupsClaim,
        AllowedGroups,
        SecondFactorValues,
    ];

    private static readonly char[] Spaces = [' ', '\t', '\r', '\n'];

    private static readonly char[] SpacesAndCommas = [.. Spaces, ','];

    private static readonly char[] LineBreaks = ['\r', '\n'];

    private readonly Dictionary<string, string> texts = [];

    public string this[string field]
    {
        get => texts.GetValueOrDefault(field, "");
        set => texts[field] = value;
    }

    /// <summary>Returns the defaults of a new provider.</summary>
    public static ProviderDraft New() =>
        new()
        {
            [ClientAuthentication] = ClientAuthentications.Post,
            [Scopes] = "openid profile email",
            [Admission] = Admissions.Existing,
        };

    public static ProviderDraft Of(ProviderDetails provider) =>
        new()
        {
            [Name] = provider.Name,
            [Issuer] = provider.Issuer,
            [ClientId] = provider.ClientId,
            [ClientAuthentication] = provider.ClientAuthentication,
            [Scopes] = string.Join(' ', provider.Scopes),
            [Admission] = provider.Admission,
            [AllowedDomains] = string.Join(", ", provider.AllowedDomains),
            [GroupsClaim] = provider.GroupsClaim ?? "",
            [AllowedGroups] = string.Join('\n', provider.AllowedGroups),
            [SecondFactorValues] = string.Join(' ', provider.SecondFactorValues),
        };

    /// <summary>Returns the first field that a refusal names; null if it names none.</summary>
    public static string? FirstWrong(Refusal? refusal) =>
        refusal?.Errors is { } errors ? Array.Find(Fields, field => errors.ContainsKey(field)) : null;

    /// <summary>Returns the number of fields that differ.</summary>
    public int ChangesTo(ProviderDraft saved) => Fields.Count(field => this[field].Trim() != saved[field].Trim());

    /// <summary>Returns the request that saves the draft.</summary>
    /// <param name="id">The id of the provider.</param>
    public ProviderRequest ToRequest(Guid id) =>
        new()
        {
            Id = id,
            Name = this[Name],
            Issuer = this[Issuer],
            ClientId = this[ClientId],
            ClientSecret = Given(this[ClientSecret]),
            ClientAuthentication = this[ClientAuthentication],
            Scopes = this[Scopes].Split(Spaces, Trimmed),
            Admission = this[Admission],
            AllowedDomains = this[AllowedDomains].Split(SpacesAndCommas, Trimmed),
            GroupsClaim = Given(this[GroupsClaim]),
            AllowedGroups = this[AllowedGroups].Split(LineBreaks, Trimmed),
            SecondFactorValues = this[SecondFactorValues].Split(Spaces, Trimmed),
        };

    private static string? Given(string text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
