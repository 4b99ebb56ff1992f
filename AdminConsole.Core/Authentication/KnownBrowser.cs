using AdminConsole.Core.Data;
using AdminConsole.Core.Security;
using AdminConsole.Core.Users;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Core.Authentication;

/// <summary>A browser that a user has signed in with before. It keeps a random key, this row its hash.</summary>
public sealed class KnownBrowser
{
    /// <summary>For how long it is remembered after the last sign-in.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(365);

    public required Guid UserId { get; init; }

    /// <summary>SHA-256 of the key that the browser keeps.</summary>
    public required byte[] KeyHash { get; init; }

    public required DateTimeOffset FirstSeenAt { get; init; }

    public required DateTimeOffset LastSeenAt { get; set; }
}

/// <summary>The browser of a sign-in.</summary>
/// <param name="Key">What the browser shall keep from now on.</param>
/// <param name="IsNew">True where the user never signed in with it before.</param>
internal sealed record SeenBrowser(string Key, bool IsNew);

/// <summary>Tells the browsers that a user signs in with from new ones.</summary>
internal static class KnownBrowsers
{
    /// <summary>Inside the change that signs in. Several people may use one browser, so a key may be known for others
    /// only.</summary>
    public static async Task<SeenBrowser> NoteAsync(AppDbContext db, ChangeContext change, AppUser user, CancellationToken ct)
    {
        var key = change.Actor.BrowserKey ?? Secret.Create();
        var hash = Secret.Hash(key);
        var rows = await db.KnownBrowsers.Where(browser => browser.KeyHash == hash).ToListAsync(ct);
        if (rows.Find(browser => browser.UserId == user.Id) is { } known)
        {
            known.LastSeenAt = change.At;
            return new SeenBrowser(key, IsNew: false);
        }

        // A key that was never issued may have been planted by an attacker who keeps a copy.
        key = rows.Count == 0 ? Secret.Create() : key;
        db.Add(
            new KnownBrowser
            {
                UserId = user.Id,
                KeyHash = Secret.Hash(key),
                FirstSeenAt = change.At,
                LastSeenAt = change.At,
            }
        );
        return new SeenBrowser(key, IsNew: true);
    }
}
