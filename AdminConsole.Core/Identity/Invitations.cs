using AdminConsole.Core.Changes;
using AdminConsole.Core.Email;
using AdminConsole.Core.Users;

namespace AdminConsole.Core.Identity;

/// <summary>Invites a new user to choose a first password. The link works once and is valid for 7 days.</summary>
internal static class Invitations
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(7);

    /// <summary>Creates the link and emails it, inside the change that creates the user. The user must have an
    /// email.</summary>
    public static async Task InviteAsync(AppUserManager users, ChangeContext change, AppUser user)
    {
        var secret = await CreateAsync(users, change, user);
        change.Mail(user, EmailTemplates.Invitation(user, change.Actor.Name, secret, change.At + Lifetime));
    }

    /// <summary>Creates a link without emailing it, and returns its secret.</summary>
    public static async Task<string> CreateAsync(AppUserManager users, ChangeContext change, AppUser user)
    {
        var secret = await users.GenerateUserTokenAsync(user, SingleUseTokens.Provider, SingleUseTokens.Invitation);
        change.Record(AuditActions.UserInvited, user.AsTarget(), new { until = change.At + Lifetime });
        return secret;
    }
}
