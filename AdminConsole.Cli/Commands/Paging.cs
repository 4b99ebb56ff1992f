using System.CommandLine;
using System.Text.Json.Serialization.Metadata;
using AdminConsole.Cli.Http;
using AdminConsole.Cli.Output;

namespace AdminConsole.Cli.Commands;

/// <summary>The options and the output that all list commands share.</summary>
internal static class Paging
{
    public static readonly Option<int> Limit = new("--limit")
    {
        Description = "The maximum number to list.",
        DefaultValueFactory = _ => 50,
    };

    public static readonly Option<bool> All = new("--all") { Description = "List all." };

    static Paging() =>
        Limit.Validators.Add(given =>
        {
            if (given.Tokens is [var token] && !(int.TryParse(token.Value, out var limit) && limit > 0))
            {
                given.AddError("--limit is a number, 1 or more.");
            }
        });

    public static Task<Listing> ReadAsync(CommandContext run, string path, Query query, string cursor = "cursor") =>
        Listing.ReadAsync(run.Api, path, query, run.Get(All) ? null : run.Get(Limit), run.Stopped, cursor);

    /// <summary>Shows a list: in the API's format with <c>--json</c>, otherwise as a table.</summary>
    public static void Show<T>(CommandContext run, Listing listing, JsonTypeInfo<T> type, Func<IEnumerable<T>, Table> toTable)
    {
        if (run.Terminal.IsJson)
        {
            run.Terminal.Print(listing.ToJson());
            return;
        }

        if (listing.Items.Count == 0)
        {
            run.Terminal.WriteInfo("Nothing to list.");
            return;
        }

        toTable(listing.As(type)).Print(run.Terminal);
        if (listing.Next is not null)
        {
            run.Terminal.Flush();
            run.Terminal.WriteInfo("There are more. Use --limit N or --all.");
        }
    }
}
