using System.CommandLine;
using System.Globalization;
using AdminConsole.Cli.Http;
using AdminConsole.Core.Contracts;

namespace AdminConsole.Cli.Commands.Providers;

/// <summary>Resolves an identity provider that is named by name or id.</summary>
internal static class ProviderResolver
{
    /// <summary>The path of the list in the API.</summary>
    public const string ListPath = "api/directory/providers";

    public static Argument<string> Argument() => new("provider") { Description = "Name or id." };

    /// <summary>Returns the provider. Throws a <see cref="CliException"/> if none matches.</summary>
    public static async Task<ProviderDetails> FindAsync(CommandContext run, string named)
    {
        if (Guid.TryParse(named, CultureInfo.InvariantCulture, out var id))
        {
            return (await run.Api.GetAsync($"{ListPath}/{id}", run.Stopped)).As(ApiJson.Default.ProviderDetails);
        }

        var all = await Listing.ReadAsync(run.Api, ListPath, new Query(), null, run.Stopped);
        return all.As(ApiJson.Default.ProviderDetails)
                .FirstOrDefault(provider => provider.Name.Equals(named.Trim(), StringComparison.OrdinalIgnoreCase))
            ?? throw new CliException(
                ExitCode.Refused,
                $"There is no identity provider '{named}'.",
                "Run 'adminctl directory list' to see them.",
                "not_found"
            );
    }
}
