using AdminConsole.Core.Contracts;

namespace AdminConsole.Endpoints.OpenApi;

internal static partial class ApiExamples
{
    private static ProviderDetails Acme =>
        new()
        {
            Id = Id,
            Name = "Acme",
            Issuer = "https://login.acme.example",
            ClientId = "admin-console",
            ClientAuthentication = ClientAuthentications.Post,
            Scopes = ["openid", "profile", "email"],
            GroupsClaim = "groups",
            AllowedDomains = ["acme.example"],
            AllowedGroups = [],
            Admission = Admissions.Domains,
            SecondFactorValues = ["mfa"],
            RuleMode = RuleModes.Adds,
            Rules = 1,
            Users = 240,
            CreatedAt = Then.AddDays(-30),
            UpdatedAt = Then,
        };

    private static object AcmeRequest =>
        new
        {
            name = "Acme",
            issuer = "https://login.acme.example",
            clientId = "admin-console",
            clientSecret = "the secret that the provider issued",
            groupsClaim = "groups",
            allowedDomains = new[] { "acme.example" },
            admission = Admissions.Domains,
        };

    private static GroupRules AcmeRules => new() { Rules = [new GroupRule("it-operations", "Operator")] };

    // Examples of operations on identity providers.
    private static Dictionary<string, ApiExample> Providers() =>
        new()
        {
            ["directoryList"] = new(Answer: new Page<ProviderDetails>([Acme], 1, null)),
            ["directoryFind"] = new(Answer: Acme),
            ["directoryCreate"] = new(
                "At most five. Register `/oidc/{id}/callback` as redirect URI with the provider; send an `id` to know it before.",
                AcmeRequest,
                Acme with
                {
                    Users = 0,
                    Rules = 0,
                },
                "too_many_providers",
                "duplicate_provider",
                "duplicate_issuer",
                "fresh_sign_in_required"
            ),
            ["directoryUpdate"] = new(
                "Replaces everything but the rules; without `clientSecret`, the secret is kept. Takes effect at the next sign-in.",
                AcmeRequest,
                Acme,
                "duplicate_provider",
                "duplicate_issuer",
                "issuer_in_use",
                "above_you",
                "fresh_sign_in_required"
            ),
            ["directoryDelete"] = new(
                "Accounts stay. Those without a password or passkey can't sign in until they get one.",
                Codes: ["provider_in_use", "fresh_sign_in_required"]
            ),
            ["directoryFindRules"] = new(Answer: AcmeRules),
            ["directoryReplaceRules"] = new(
                "Also requires `roles.assign`. Takes effect at the next sign-in of each user.",
                AcmeRules,
                AcmeRules,
                "unknown_role",
                "above_you",
                "fresh_sign_in_required"
            ),
            ["directoryCheck"] = new(
                "Takes at most four seconds.",
                null,
                new ProviderCheck(
                    true,
                    null,
                    "https://login.acme.example/authorize",
                    2,
                    $"https://console.example.com/oidc/{Id}/callback",
                    "https://console.example.com/oidc/backchannel-logout",
                    $"https://console.example.com/oidc/{Id}/sign-in"
                )
            ),
            ["directoryFindRequired"] = new(Answer: new RequiredProviderRoles { Roles = ["Operator"] }),
            ["directoryReplaceRequired"] = new(
                "Passwords and passkeys of their users stop working, except for break-glass accounts.",
                new RequiredProviderRoles { Roles = ["Operator"] },
                new RequiredProviderRoles { Roles = ["Operator"] },
                "unknown_role",
                "no_provider",
                "break_glass_required",
                "fresh_sign_in_required"
            ),
            ["directoryImpact"] = new(
                "Repeat the parameter for each role: `?role=Admin&role=Operator`.",
                null,
                new RequiredProviderImpact(212, 30, 1, IncludesYou: false),
                "unknown_role"
            ),
        };
}
