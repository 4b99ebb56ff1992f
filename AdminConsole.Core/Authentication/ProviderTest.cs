using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Data;
using AdminConsole.Core.Providers;
using AdminConsole.Core.Roles;
using AdminConsole.Core.Security;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Core.Authentication;

/// <summary>The predicted effect of a sign-in with the tested identity.</summary>
/// <param name="Outcome">What would happen.</param>
/// <param name="Refusal">Why the sign-in would be refused; otherwise null.</param>
/// <param name="Account">The name of the account; null if there is none.</param>
/// <param name="Matched">The rules whose group the user is in.</param>
/// <param name="Roles">The roles that would be added and removed.</param>
/// <param name="NeedsCode">True if the console would ask for a code.</param>
/// <param name="HasSecondFactor">True if the provider's second factor would count.</param>
public sealed record ProviderTestResult(
    AdmissionOutcome Outcome,
    Refusal? Refusal,
    string? Account,
    IReadOnlyList<GroupRule> Matched,
    RoleChanges Roles,
    bool NeedsCode,
    bool HasSecondFactor
);

/// <summary>Evaluates a test sign-in with a provider. Writes nothing.</summary>
public sealed class ProviderTest(
    AppDbContext db,
    ProviderAdmission admission,
    GroupRoleAssignment assignment,
    ProviderRules rules,
    TimeProvider clock
)
{
    /// <summary>Returns what a sign-in with this identity would do now.</summary>
    public async Task<Result<ProviderTestResult>> EvaluateAsync(Actor actor, ExternalIdentity identity, CancellationToken ct)
    {
        if (actor.Require(Permissions.DirectoryWrite) is { } refused)
        {
            return refused;
        }

        if (await db.IdentityProviders.AsNoTracking().SingleOrDefaultAsync(row => row.Id == identity.ProviderId, ct) is not { } provider)
        {
            return ProviderRefusals.Removed;
        }

        var decision = await admission.DecideAsync(provider, identity, clock.Now(), ct);
        var held = decision.User is { } user
            ? await RoleHierarchy.RolesOf(db, user.Id).Select(role => role.Name!).ToListAsync(ct)
            : [AppRole.User];
        var all = (await rules.GetAsync(actor, provider.Id, ct)).Value.Rules;
        var hasSecondFactor = identity.HasSecondFactor(provider);
        return new ProviderTestResult(
            decision.Outcome,
            decision.Refusal,
            decision.User?.SignInName ?? (decision.Outcome == AdmissionOutcome.Create ? identity.Email : null),
            [.. all.Where(rule => identity.Groups.Contains(rule.Group))],
            await assignment.EvaluateAsync(provider, held, identity.Groups, ct),
            decision.User?.TwoFactorEnabled == true && !hasSecondFactor,
            hasSecondFactor
        );
    }
}
