using static AdminConsole.Core.Changes.AuditActions;

namespace AdminConsole.Core.Audit;

public static partial class AuditActionTexts
{
    // Identity providers.
    private static AuditActionText[] OfProviders() =>
        [
            new(
                ProviderAdded,
                Providers,
                "Identity provider added",
                "oidc sso directory",
                facts => $"{facts.Actor} added the identity provider {facts.Target}"
            ),
            new(
                ProviderUpdated,
                Providers,
                "Identity provider changed",
                "oidc sso directory rules groups",
                facts => $"{facts.Actor} changed the identity provider {facts.Target}"
            ),
            new(
                ProviderRemoved,
                Providers,
                "Identity provider removed",
                "oidc sso directory deleted",
                facts => $"{facts.Actor} removed the identity provider {facts.Target}"
            ),
        ];
}
