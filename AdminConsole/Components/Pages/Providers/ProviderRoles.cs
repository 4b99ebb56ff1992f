using AdminConsole.Authorization;
using AdminConsole.Components.Controls;
using AdminConsole.Components.Pages.Users;
using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Providers;
using AdminConsole.Core.Roles;
using AdminConsole.Core.Security;
using MudBlazor;

namespace AdminConsole.Components.Pages.Providers;

/// <summary>Lists the roles for the pages about identity providers, and saves which of them require one.</summary>
public sealed class ProviderRoles(
    Scoped<RoleCatalog> catalog,
    Scoped<RequiredProviders> requirement,
    ConsoleDialogs dialogs,
    OperationRunner operations
)
{
    /// <summary>Describes the impact: "212 users, 30 of them not linked to a provider, could no longer use their password
    /// or passkey. 1 break-glass account is exempt."</summary>
    public static string Describe(RequiredProviderImpact impact)
    {
        var affected = impact.Users - impact.BreakGlass;
        var unlinked =
            impact.WithoutProvider == 0 ? ""
            : affected == 1 ? ", not linked to a provider,"
            : $", {impact.WithoutProvider:N0} of them not linked to a provider,";
        var users =
            affected == 0
                ? "No users are affected yet."
                : $"{AccessText.Count(affected, "user")}{unlinked} could no longer use their password or passkey.";
        var exempt = impact.BreakGlass switch
        {
            0 => "",
            1 => " 1 break-glass account is exempt.",
            var count => $" {count:N0} break-glass accounts are exempt.",
        };
        return users + exempt + (impact.IncludesYou ? " This includes you." : "");
    }

    /// <summary>Returns all roles; null if the user can't view them.</summary>
    public async Task<IReadOnlyList<RoleChoice>?> ChoicesAsync()
    {
        var found = await catalog.RunAsync(
            (roles, actor) => actor.Can(Permissions.UsersRead) ? roles.ChoicesAsync(actor, default) : ListAsync(roles, actor)
        );
        return found.Match<IReadOnlyList<RoleChoice>?>(choices => choices, _ => null);
    }

    /// <summary>Returns the names of the roles that require a provider; null if the query was refused.</summary>
    public async Task<IReadOnlyList<string>?> RequiredAsync()
    {
        var found = await requirement.RunAsync((providers, actor) => providers.GetAsync(actor, default));
        return found.Match<IReadOnlyList<string>?>(roles => roles.Roles, _ => null);
    }

    /// <summary>Counts the users that newly chosen roles would affect. Returns null if the query was refused.</summary>
    public async Task<RequiredProviderImpact?> CountAsync(IReadOnlyList<string> added)
    {
        var counted = await operations.TryAsync(() =>
            requirement.RunAsync((providers, actor) => providers.ImpactAsync(actor, added, default))
        );
        return counted.Match<RequiredProviderImpact?>(impact => impact, _ => null);
    }

    /// <summary>Asks for confirmation that the users with newly chosen roles must use a provider. Returns true to
    /// proceed.</summary>
    public async Task<bool> ConfirmAsync(IReadOnlyList<string> added) =>
        added.Count == 0
        || (
            await CountAsync(added) is { } impact
            && await dialogs.ConfirmAsync(
                new Question("Require an identity provider?", Describe(impact), "Require") { IsDestructive = false }
            )
        );

    /// <summary>Saves the roles that require a provider. The page shows a refusal.</summary>
    public async Task<Result<RequiredProviderRoles>> RequireAsync(IReadOnlyList<string> roles)
    {
        var request = new RequiredProviderRoles { Roles = roles };
        var saved = await operations.AskAsync(() =>
            requirement.RunAsync((providers, actor) => providers.ReplaceAsync(actor, request, default))
        );
        if (saved.Refusal is null)
        {
            operations.Notify(Severity.Success, "Requirement saved.");
        }

        return saved;
    }

    private static async Task<Result<IReadOnlyList<RoleChoice>>> ListAsync(RoleCatalog roles, Actor actor)
    {
        // Some users can view roles, but not users.
        if (!actor.Can(Permissions.RolesRead))
        {
            return Refusals.MissingPermission(Permissions.RolesRead);
        }

        var found = await Paging.AllAsync(page => roles.ListAsync(actor, page, default));
        return found.Then<IReadOnlyList<RoleChoice>>(all =>
            [.. all.Select(role => new RoleChoice(role.Name, role.Description, role.Permissions))]
        );
    }
}
