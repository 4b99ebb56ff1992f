using AdminConsole.Core.Contracts;

namespace AdminConsole.Components.Pages.Tokens;

/// <summary>Sorts the tokens of a list.</summary>
internal static class TokenRows
{
    /// <summary>Sorts the tokens and puts each rotated token directly below its successor. By default, the newest token
    /// comes first.</summary>
    public static IEnumerable<TokenSummary> ByLine(IReadOnlyList<TokenSummary> tokens, string? sort)
    {
        var byId = tokens.ToDictionary(token => token.Id);
        var replaced = tokens.Select(token => token.RotatedFrom).OfType<Guid>().ToHashSet();
        return Sorted(tokens.Where(token => !replaced.Contains(token.Id)), sort).SelectMany(head => Line(head, byId));
    }

    private static IEnumerable<TokenSummary> Line(TokenSummary head, Dictionary<Guid, TokenSummary> byId)
    {
        for (TokenSummary? token = head; token is not null; token = token.RotatedFrom is { } from ? byId.GetValueOrDefault(from) : null)
        {
            yield return token;
        }
    }

    private static IEnumerable<TokenSummary> Sorted(IEnumerable<TokenSummary> tokens, string? sort) =>
        sort switch
        {
            "name" => tokens.OrderBy(token => token.Name, StringComparer.OrdinalIgnoreCase),
            "-name" => tokens.OrderByDescending(token => token.Name, StringComparer.OrdinalIgnoreCase),
            "lastUsedAt" => tokens.OrderBy(token => token.LastUsedAt ?? DateTimeOffset.MinValue),
            "-lastUsedAt" => tokens.OrderByDescending(token => token.LastUsedAt ?? DateTimeOffset.MinValue),
            "expiresAt" => tokens.OrderBy(token => token.ExpiresAt ?? DateTimeOffset.MaxValue),
            "-expiresAt" => tokens.OrderByDescending(token => token.ExpiresAt ?? DateTimeOffset.MaxValue),
            _ => tokens.OrderByDescending(token => token.CreatedAt),
        };
}
