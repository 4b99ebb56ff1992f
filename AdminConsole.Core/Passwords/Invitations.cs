using AdminConsole.Core.Audit;
using AdminConsole.Core.Data;
using AdminConsole.Core.Email;
using AdminConsole.Core.Security;
using AdminConsole.Core.Users;

namespace AdminConsole.Core.Passwords;

/// <summary>Invites somebody new to choose a first password. The link works once, for 7 days.</summary>
internal static class Invitations
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(7);

    /// <summary>Inside the change that creates the user, who has an email.</summary>
    public static void Invite(AppDbContext db, Change change, AppUser user)
    {
        var secret = Create(db, change, user);
        change.Mail(user, Letters.Invitation(user, change.Actor.Name, secret, change.At + Lifetime));
    }

    /// <summary>The secret of a link that nobody is sent.</summary>
    public static string Create(AppDbContext db, Change change, AppUser user)
    {
        var (secret, until) = (Secret.Create(), change.At + Lifetime);
        db.Add(new PasswordReset
        {
            Id = Guid.CreateVersion7(change.At),
            UserId = user.Id,
            SignInName = user.SignInName,
            SecretHash = Secret.Hash(secret),
            CreatedAt = change.At,
            ExpiresAt = until,
            IsInvitation = true,
        });
        change.Record(AuditActions.UserInvited, user.AsTarget(), new { until });
        return secret;
    }
}
