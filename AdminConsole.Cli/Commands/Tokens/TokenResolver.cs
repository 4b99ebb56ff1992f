using System.Globalization;
using AdminConsole.Cli.Http;

namespace AdminConsole.Cli.Commands.Tokens;

/// <summary>Resolves a token that is named by id, public prefix, or name.</summary>
internal static class TokenResolver
{
    private const string TypePrefix = "acpat_";
    private const int PrefixLength = 14;

    /// <summary>Returns the token's id. Throws a <see cref="CliException"/> if no token or several tokens match. A name
    /// matches only tokens that have not been revoked, rotated or expired.</summary>
    public static async Task<Guid> IdAsync(CommandContext run, string named, bool everyone)
    {
        if (Guid.TryParse(named, CultureInfo.InvariantCulture, out var id))
        {
            return id;
        }

        // Cut a pasted secret to its prefix. The rest must not be sent.
        var isPrefix = named.StartsWith(TypePrefix, StringComparison.Ordinal);
        var text = isPrefix && named.Length > PrefixLength ? named[..PrefixLength] : named;
        var tokens = everyone
            ? (await Listing.ReadAsync(run.Api, "api/admin/tokens", new Query(("search", text)), null, run.Stopped)).As(
                ApiJson.Default.TokenSummary
            )
            : (await Listing.ReadAsync(run.Api, "api/tokens", new Query(), null, run.Stopped)).As(ApiJson.Default.TokenSummary);
        var matches = tokens
            .Where(token =>
                isPrefix
                    ? token.Prefix.StartsWith(text, StringComparison.Ordinal)
                    : token.Name == text && token.State is not ("revoked" or "expired" or "rotated")
            )
            .ToList();
        return matches switch
        {
            [var one] => one.Id,
            [] => throw new CliException(ExitCode.Refused, $"No token matches '{text}'.", "adminctl tokens list shows them.", "not_found"),
            _ => throw new CliException(
                ExitCode.Refused,
                $"{matches.Count} tokens are called '{text}': {string.Join(", ", matches.Select(token => token.Prefix))}.",
                "Name one by its prefix.",
                "ambiguous"
            ),
        };
    }
}
