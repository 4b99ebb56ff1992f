namespace AdminConsole.Core.Tokens;

/// <summary>Questions about tokens, for the database.</summary>
internal static class PersonalAccessTokenQueries
{
    private static readonly TimeSpan StaleAfter = TimeSpan.FromDays(90);
    private static readonly TimeSpan Soon = TimeSpan.FromDays(7);

    /// <summary>Those in this one of <see cref="TokenStates"/>, as <see cref="PersonalAccessToken.StateAt"/> has it;
    /// none for a state that is none.</summary>
    public static IQueryable<PersonalAccessToken> InState(this IQueryable<PersonalAccessToken> tokens, string state, DateTimeOffset now) =>
        state switch
        {
            TokenStates.Revoked => tokens.Where(token => token.RevokedAt != null),
            TokenStates.Rotated => tokens.Where(token => token.RevokedAt == null && token.RotatedAt != null),
            TokenStates.Expired => tokens.Where(token => token.RevokedAt == null && token.RotatedAt == null && token.ExpiresAt <= now),
            TokenStates.Active => tokens.Working(now).Where(token => token.Active),
            TokenStates.Inactive => tokens.Working(now).Where(token => !token.Active),
            _ => tokens.Where(_ => false),
        };

    /// <summary>Those that a request may come with now, rotated ones within their overlap among them; as the verifier
    /// has it.</summary>
    public static IQueryable<PersonalAccessToken> Accepted(this IQueryable<PersonalAccessToken> tokens, DateTimeOffset now) =>
        tokens.Where(token =>
            token.RevokedAt == null
            && token.Active
            && (token.ExpiresAt == null || token.ExpiresAt > now)
            && (token.RotatedAt == null || (token.OverlapEndsAt == null ? token.EndsOnFirstUse : token.OverlapEndsAt > now))
        );

    /// <summary>Those that work and were not used for 90 days.</summary>
    public static IQueryable<PersonalAccessToken> Stale(this IQueryable<PersonalAccessToken> tokens, DateTimeOffset now)
    {
        var since = now - StaleAfter;
        return tokens
            .InState(TokenStates.Active, now)
            .Where(token => token.CreatedAt < since && (token.LastUsedAt == null || token.LastUsedAt < since));
    }

    /// <summary>Those that work and expire within a week.</summary>
    public static IQueryable<PersonalAccessToken> ExpiringSoon(this IQueryable<PersonalAccessToken> tokens, DateTimeOffset now)
    {
        var end = now + Soon;
        return tokens.InState(TokenStates.Active, now).Where(token => token.ExpiresAt <= end);
    }

    private static IQueryable<PersonalAccessToken> Working(this IQueryable<PersonalAccessToken> tokens, DateTimeOffset now) =>
        tokens.Where(token => token.RevokedAt == null && token.RotatedAt == null && (token.ExpiresAt == null || token.ExpiresAt > now));
}
