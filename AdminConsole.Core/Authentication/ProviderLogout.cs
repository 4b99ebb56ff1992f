using System.Security.Cryptography;
using System.Text;
using AdminConsole.Core.Changes;
using AdminConsole.Core.Common;
using AdminConsole.Core.Data;
using AdminConsole.Core.Providers;
using AdminConsole.Core.Security;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Core.Authentication;

/// <summary>The content of a verified logout token (OpenID Connect Back-Channel Logout 1.0, section 2.4). At least one of
/// subject and session id is set.</summary>
public sealed record LogoutNotice(Guid ProviderId, string TokenId, string? Subject, string? SessionId, DateTimeOffset ExpiresAt);

/// <summary>Ends sessions here when they end at the identity provider.</summary>
public sealed class ProviderLogout(AppDbContext db)
{
    private static readonly Refusal Replayed = Refusal.Invalid("invalid_request", "This logout token was already used or has expired.");

    /// <summary>Ends the sessions that the provider started: that of the session id, or all of the subject. Returns
    /// their number. Refused as <c>invalid_request</c> if the token was used before.</summary>
    public Task<Result<int>> EndAsync(Actor caller, LogoutNotice notice, CancellationToken ct) =>
        db.ChangeAsync<int>(
            caller,
            null,
            async change =>
            {
                var (login, key) = (
                    IdentityProvider.LoginProviderOf(notice.ProviderId),
                    notice.Subject is null ? null : ExternalIdentity.KeyOf(notice.Subject)
                );
                var sessions = db.Sessions.Where(session => session.ProviderId == notice.ProviderId);
                if (notice.SessionId is { } id)
                {
                    sessions = sessions.Where(session => session.ProviderSessionId == id);
                }

                if (key is not null)
                {
                    sessions = sessions.Where(session =>
                        db.UserLogins.Any(row => row.UserId == session.UserId && row.LoginProvider == login && row.ProviderKey == key)
                    );
                }

                // Also if no session is found: the token must not end later ones.
                if (!await TokenOf(notice).ConsumeAsync(db, change, ct))
                {
                    return Replayed;
                }

                var ended = await sessions.ToListAsync(ct);
                change.AllowedUnauditedWrite = ended.Count == 0 ? UnauditedWrite.LogoutToken : null;
                db.RemoveRange(ended);
                ended.ForEach(session =>
                    change.Record(AuditActions.SessionEnded, session.AsTarget(), new { reason = "ended by the identity provider" })
                );
                return ended.Count;
            },
            ct
        );

    // The ids of two providers' tokens must not collide.
    private static SingleUseToken TokenOf(LogoutNotice notice) =>
        new(new Guid(SHA256.HashData(Encoding.UTF8.GetBytes($"{notice.ProviderId}\n{notice.TokenId}")).AsSpan(0, 16)), notice.ExpiresAt);
}
