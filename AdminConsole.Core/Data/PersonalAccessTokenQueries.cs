using AdminConsole.Core.Tokens;

namespace AdminConsole.Core.Data;

/// <summary>Filters for queries of personal access tokens.</summary>
internal static class PersonalAccessTokenQueries
{
    private static readonly TimeSpan StaleAfter = TimeSpan.FromDays(90);
    private static readonly TimeSpan Soon = TimeSpan.FromDays(7);

    /// <summary>Filters by one of <see cref="TokenStates"/>, with the rules of
    /// <see cref="PersonalAccessToken.StateAt"/>. An unknown state matches nothing.</summary>
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

    /// <summary>Filters tokens that currently authenticate requests, including rotated ones in their grace period. Must
    /// match the rules of <see cref="OAuth.TokenVerifier"/>.</summary>
    public static IQueryable<PersonalAccessToken> Accepted(this IQueryable<PersonalAccessToken> tokens, DateTimeOffset now) =>
        tokens.Where(token =>
            token.RevokedAt == null
            && token.Active
            && (token.ExpiresAt == null || token.ExpiresAt > now)
            && (token.RotatedAt == null || (token.OverlapEndsAt == null ? token.EndsOnFirstUse : token.OverlapEndsAt > now))
        );

    /// <summary>Filters active tokens that have not been used for 90 days.</summary>
    public static IQueryable<PersonalAccessToken> Stale(this IQueryable<PersonalAccessToken> tokens, DateTimeOffset now)
    {
        var since = now - StaleAfter;
        return tokens
            .InState(TokenStates.Active, now)
            .Where(token => token.CreatedAt < since && (token.LastUsedAt == null || token.LastUsedAt < since));
    }

    /// <summary>Filters active tokens that expire within 7 days.</summary>
    public static IQueryable<PersonalAccessToken> ExpiringSoon(this IQueryable<PersonalAccessToken> tokens, DateTimeOffset now)
    {
        var end = now + Soon;
        return tokens.InState(TokenStates.Active, now).Where(token => token.ExpiresAt <= end);
    }

    private static IQueryable<PersonalAccessToken> Working(this IQueryable<PersonalAccessToken> tokens, DateTimeOffset now) =>
        tokens
            .Where(token => token.RevokedAt == null && token.RotatedAt == null)
            .Where(token => token.ExpiresAt == null || token.ExpiresAt > now);
}
