using AdminConsole.Core.Changes;
using AdminConsole.Core.Data;
using AdminConsole.Core.Security;
using AdminConsole.Core.Users;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AdminConsole.Core.Authentication;

/// <summary>A browser that a user has signed in with before. The browser stores a random key, and this row stores its
/// hash.</summary>
public sealed class KnownBrowser
{
    /// <summary>How long a browser is known after the last sign-in.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(365);

    public required Guid UserId { get; init; }

    /// <summary>The SHA-256 hash of the key that the browser stores.</summary>
    public required byte[] KeyHash { get; init; }

    public required DateTimeOffset FirstSeenAt { get; init; }

    public required DateTimeOffset LastSeenAt { get; set; }
}

/// <summary>The browser used for a sign-in.</summary>
/// <param name="Key">The key that the browser must store.</param>
/// <param name="IsNew">True if the user has not signed in with this browser before.</param>
internal sealed record SeenBrowser(string Key, bool IsNew);

/// <summary>Distinguishes browsers that a user has signed in with before from new ones.</summary>
internal static class KnownBrowsers
{
    /// <summary>Records the browser, inside the change that signs in. Several users may share a browser, so a key may
    /// be known only for other users.</summary>
    public static async Task<SeenBrowser> RecordAsync(AppDbContext db, ChangeContext change, AppUser user, CancellationToken ct)
    {
        var key = change.Actor.BrowserKey ?? Secret.Create();
        var hash = Secret.Hash(key);
        var rows = await db.KnownBrowsers.Where(browser => browser.KeyHash == hash).ToListAsync(ct);
        if (rows.Find(browser => browser.UserId == user.Id) is { } known)
        {
            known.LastSeenAt = change.At;
            return new SeenBrowser(key, IsNew: false);
        }

        // Replace a key that was never issued: an attacker may have planted it and may know it.
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

internal sealed class KnownBrowserConfiguration : IEntityTypeConfiguration<KnownBrowser>
{
    public void Configure(EntityTypeBuilder<KnownBrowser> builder)
    {
        // The hash comes first because it is also queried alone.
        builder.HasKey(browser => new { browser.KeyHash, browser.UserId });
        builder.HasOne<AppUser>().WithMany().HasForeignKey(browser => browser.UserId);
    }
}
