using AdminConsole.Core.Changes;
using AdminConsole.Core.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AdminConsole.Core.Authentication;

/// <summary>A token that can be used once: the second step of a sign-in, or the challenge of a passkey. The browser
/// stores the token in encrypted form. The server stores only that it was used, until it would have expired.</summary>
/// <param name="Id">A random id, never visible outside the encrypted token.</param>
/// <param name="ExpiresAt">The time of expiry, minutes after the token was issued.</param>
public sealed record SingleUseToken(Guid Id, DateTimeOffset ExpiresAt)
{
    /// <summary>Returns true if the token could be consumed now.</summary>
    internal async Task<bool> IsUsableAsync(AppDbContext db, ChangeContext change, CancellationToken ct) =>
        ExpiresAt > change.At && !await db.ConsumedTokens.AnyAsync(row => row.Id == Id, ct);

    /// <summary>Consumes the token, inside a change. Returns false if it expired or was used before. Of concurrent
    /// attempts, only one succeeds.</summary>
    internal async Task<bool> ConsumeAsync(AppDbContext db, ChangeContext change, CancellationToken ct)
    {
        if (!await IsUsableAsync(db, change, ct))
        {
            return false;
        }

        db.Add(new ConsumedToken { Id = Id, ExpiresAt = ExpiresAt });
        return true;
    }
}

/// <summary>Records that a <see cref="SingleUseToken"/> was used.</summary>
public sealed class ConsumedToken
{
    public required Guid Id { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }
}

internal sealed class ConsumedTokenConfiguration : IEntityTypeConfiguration<ConsumedToken>
{
    public void Configure(EntityTypeBuilder<ConsumedToken> builder)
    {
        builder.ToTable("SpentTickets");
        builder.HasIndex(ticket => ticket.ExpiresAt);
    }
}
