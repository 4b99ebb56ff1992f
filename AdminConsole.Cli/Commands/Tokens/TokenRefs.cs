using System.Globalization;
using AdminConsole.Cli.Http;

namespace AdminConsole.Cli.Commands.Tokens;

/// <summary>A token, as people name one: by id, by its public prefix, or by the name they gave it.</summary>
internal static class TokenRefs
{
    private const string Mark = "acpat_";
    private const int PrefixLength = 14;

    /// <summary>The token's id; stops the command where none or several are meant. Of those that have ended none is
    /// meant by its name.</summary>
    public static async Task<Guid> IdAsync(CommandContext run, string named, bool everyone)
    {
        if (Guid.TryParse(named, CultureInfo.InvariantCulture, out var id))
        {
            return id;
        }

        // A pasted secret stands for its prefix. The rest must not be sent.
        var isPrefix = named.StartsWith(Mark, StringComparison.Ordinal);
        var text = isPrefix && named.Length > PrefixLength ? named[..PrefixLength] : named;
        var tokens = everyone
            ? (await Listing.ReadAsync(run.Api, "api/admin/tokens", new Query(("search", text)), null, run.Stopped)).As(
                ApiJson.Default.TokenSummary
            )
            : (await Listing.ReadAsync(run.Api, "api/tokens", new Query(), null, run.Stopped)).As(ApiJson.Default.TokenSummary);
        var meant = tokens
            .Where(token =>
                isPrefix
                    ? token.Prefix.StartsWith(text, StringComparison.Ordinal)
                    : token.Name == text && token.State is not ("revoked" or "expired" or "rotated")
            )
            .ToList();
        return meant switch
        {
            [var one] => one.Id,
            [] => throw new CliException(ExitCode.Refused, $"No token matches '{text}'.", "adminctl tokens list shows them.", "not_found"),
            _ => throw new CliException(
                ExitCode.Refused,
                $"{meant.Count} tokens are called '{text}': {string.Join(", ", meant.Select(token => token.Prefix))}.",
                "Name one by its prefix.",
                "ambiguous"
            ),
        };
    }
}
