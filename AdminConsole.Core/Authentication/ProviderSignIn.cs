using AdminConsole.Core.Changes;
using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Data;
using AdminConsole.Core.Email;
using AdminConsole.Core.Identity;
using AdminConsole.Core.Names;
using AdminConsole.Core.Providers;
using AdminConsole.Core.Roles;
using AdminConsole.Core.Security;
using AdminConsole.Core.Sessions;
using AdminConsole.Core.Users;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Core.Authentication;

/// <summary>Signs in with the verified identity of an OpenID Connect provider. Links or creates the account, updates its
/// name, and applies the group rules, in one change.</summary>
public sealed class ProviderSignIn(
    AppDbContext db,
    ProviderAdmission admission,
    GroupRoleAssignment roles,
    AppUserManager users,
    UserCredentials credentials
)
{
    /// <summary>Starts a session. Refused as one of <see cref="ProviderRefusals"/>, which is recorded, or
    /// <c>mfa_required</c> with the pending sign-in that <see cref="TwoFactorSignIn"/> completes.</summary>
    /// <param name="caller">The caller, who is not signed in yet.</param>
    /// <param name="identity">The verified identity.</param>
    /// <param name="answer">The single-use token of the provider's response. Consumed here, or with the code if one is
    /// required.</param>
    /// <param name="ct">Observed until the commit begins.</param>
    public async Task<Result<SignedIn>> SignInAsync(Actor caller, ExternalIdentity identity, SingleUseToken answer, CancellationToken ct)
    {
        var result = await RunAsync(caller, identity, answer, ct);
        if (result.Refusal is { CommitsAnyway: false } refusal and not SecondFactorRequired)
        {
            await FailAsync(caller, identity.ProviderId, refusal, ct);
        }

        return result;
    }

    private Task<Result<SignedIn>> RunAsync(Actor caller, ExternalIdentity identity, SingleUseToken answer, CancellationToken ct) =>
        db.ChangeAsync<SignedIn>(
            caller,
            null,
            async change =>
            {
                if (await db.IdentityProviders.SingleOrDefaultAsync(row => row.Id == identity.ProviderId, ct) is not { } provider)
                {
                    return ProviderRefusals.Removed;
                }

                if (provider.UpdatedAt != identity.ProviderVersion || !await answer.IsUsableAsync(db, change, ct))
                {
                    return Refuse(change, ProviderRefusals.Expired, provider, user: null, identity.Email);
                }

                var decision = await admission.DecideAsync(provider, identity, change.At, ct);
                if (decision.Refusal is { } refusal)
                {
                    return Refuse(change, refusal, provider, decision.User, identity.Email);
                }

                var admitted = await AdmitAsync(change, provider, identity, decision, ct);
                // Rolls back what was written. The email or the name is not accepted, or was taken concurrently.
                return admitted.Refusal is not null
                    ? ProviderRefusals.EmailInvalid
                    : await StartAsync(change, provider, identity, admitted.Value, answer, ct);
            },
            ct,
            // The rules may take the role of an administrator, and administrators may assign roles to the account.
            ChangeLock.Administrators
        );

    /// <summary>Records a sign-in that failed before the provider's identity was verified.</summary>
    public Task<Result<Unit>> FailAsync(Actor caller, Guid providerId, Refusal refusal, CancellationToken ct) =>
        db.ChangeAsync<Unit>(
            caller,
            null,
            async change =>
            {
                var provider = await db.IdentityProviders.AsNoTracking().SingleOrDefaultAsync(row => row.Id == providerId, ct);
                change.Record(AuditActions.SignInFailed, null, new { reason = refusal.Code, provider = provider?.Name });
                return default(Unit);
            },
            ct
        );

    private async Task<Result<SignedIn>> StartAsync(
        ChangeContext change,
        IdentityProvider provider,
        ExternalIdentity identity,
        AppUser user,
        SingleUseToken answer,
        CancellationToken ct
    )
    {
        if (await roles.ApplyAsync(change, provider, user, identity.Groups, ct) is { } refused)
        {
            return refused;
        }

        var session = new ProviderSession(provider.Id, identity.SessionId, identity.AuthenticatedAt);
        var hasSecondFactor = identity.HasSecondFactor(provider);
        if (user.TwoFactorEnabled && !hasSecondFactor)
        {
            var pending = new PendingSignIn(user.Id, user.SecurityStamp!, Remember: false, SignInMethods.External, session);
            Refusal required = new SecondFactorRequired(pending);
            return change.Records.Count > 0 ? required.Recorded() : required;
        }

        if (!await answer.ConsumeAsync(db, change, ct))
        {
            return ProviderRefusals.Expired;
        }

        var method = hasSecondFactor ? SignInMethods.ExternalWithSecondFactor : SignInMethods.External;
        return await PasswordSignIn.StartSessionAsync(db, change, user, method, remember: false, ct, session);
    }

    private async Task<Result<AppUser>> AdmitAsync(
        ChangeContext change,
        IdentityProvider provider,
        ExternalIdentity identity,
        AdmissionDecision decision,
        CancellationToken ct
    )
    {
        var user = decision.User;
        if (user is null)
        {
            var created = await CreateAsync(change, provider, identity);
            if (created.Refusal is not null)
            {
                return created;
            }

            user = created.Value;
        }
        else
        {
            UpdateName(change, provider, identity, user);
        }

        var login = new UserLoginInfo(provider.LoginProvider, identity.Key, provider.Name);
        if (decision.Outcome == AdmissionOutcome.SignIn)
        {
            return user;
        }

        var replaced = decision.Outcome == AdmissionOutcome.Create ? null : await credentials.ReplaceAsync(change, user, ct);
        if ((await users.AddLoginAsync(user, login)).ToRefusal("provider") is { } refused)
        {
            return refused;
        }

        change.Record(
            AuditActions.UserLinked,
            user.AsTarget(),
            new
            {
                provider = provider.Name,
                by = "email",
                sessionsEnded = replaced?.Sessions,
                devicesEnded = replaced?.Devices,
                tokensRevoked = replaced?.Tokens,
            },
            change.Actor.WithUser(user.Id, user.SignInName)
        );
        if (decision.Outcome == AdmissionOutcome.Link)
        {
            change.Mail(user, EmailTemplates.ProviderReplaces(user, change, provider.Name));
        }

        return user;
    }

    private async Task<Result<AppUser>> CreateAsync(ChangeContext change, IdentityProvider provider, ExternalIdentity identity)
    {
        var user = AppUser.Create(identity.Email!.Trim(), null, NameOf(identity), change.At);
        if (
            ((await users.CreateAsync(user)).ToRefusal("email") ?? (await users.AddToRoleAsync(user, AppRole.User)).ToRefusal("roles")) is
            { } refused
        )
        {
            return refused;
        }

        change.Record(
            AuditActions.UserCreated,
            user.AsTarget(),
            new
            {
                user.Email,
                user.UserName,
                user.DisplayName,
                roles = new[] { AppRole.User },
                provider = provider.Name,
            },
            change.Actor.WithUser(user.Id, user.SignInName)
        );
        return user;
    }

    private static void UpdateName(ChangeContext change, IdentityProvider provider, ExternalIdentity identity, AppUser user)
    {
        if (NameOf(identity) is not { } name || name == user.DisplayName)
        {
            return;
        }

        var before = user.DisplayName;
        user.Rename(user.Email, user.UserName!, name, change.At);
        change.Record(
            AuditActions.UserUpdated,
            user.AsTarget(),
            new { changes = FieldChange.Between(new FieldChange("displayName", before, user.DisplayName)), provider = provider.Name },
            change.Actor.WithUser(user.Id, user.SignInName)
        );
    }

    // A name that can't be used here does not prevent the sign-in.
    private static string? NameOf(ExternalIdentity identity)
    {
        var name = NameText.Clean(identity.Name ?? "").Trim();
        return name.Length is > 0 and <= Limits.DisplayName && NameText.Check("displayName", name) is null ? name : null;
    }

    private static Refusal Refuse(ChangeContext change, Refusal refusal, IdentityProvider provider, AppUser? user, string? email)
    {
        change.Record(
            AuditActions.SignInFailed,
            user?.AsTarget(),
            new
            {
                reason = refusal.Code,
                provider = provider.Name,
                // Not the email: erasing a user could not find it here.
                domain = email?[(email.LastIndexOf('@') + 1)..],
            }
        );
        return refusal.Recorded();
    }
}
