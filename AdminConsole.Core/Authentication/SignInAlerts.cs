using AdminConsole.Core.Changes;
using AdminConsole.Core.Data;
using AdminConsole.Core.Email;
using AdminConsole.Core.Security;
using AdminConsole.Core.Users;

namespace AdminConsole.Core.Authentication;

/// <summary>Notifies users of a sign-in from a new browser, with a link to report that it was not theirs.</summary>
internal static class SignInAlerts
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(24);

    /// <summary>Records the alert and queues the email, inside the change that signs in. Does nothing for an account
    /// without an email.</summary>
    public static void Raise(AppDbContext db, ChangeContext change, AppUser user)
    {
        if (user.Email is null)
        {
            return;
        }

        var (secret, until) = (Secret.Create(), change.At + Lifetime);
        db.Add(
            new NewDeviceAlert
            {
                Id = Guid.CreateVersion7(change.At),
                UserId = user.Id,
                SecretHash = Secret.Hash(secret),
                ExpiresAt = until,
            }
        );
        change.Mail(user, EmailTemplates.NewDevice(user, change, secret, until));
    }
}
