using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace AdminConsole.Benchmarks.Circuits;

/// <summary>What a page that was drawn in advance says, in comments, of the components that its circuit shall begin
/// with.</summary>
internal static partial class Markup
{
    /// <summary>The components, as the circuit is asked to add them.</summary>
    public static JsonArray Components(string html) =>
        [
            .. Markers()
                .Matches(html)
                .Select(
                    (marker, index) =>
                        new JsonObject
                        {
                            ["type"] = "add",
                            ["ssrComponentId"] = index + 1,
                            ["marker"] = JsonNode.Parse(marker.Groups["json"].Value),
                        }
                ),
        ];

    /// <summary>What they kept from being drawn in advance, sealed; empty where they kept nothing.</summary>
    public static string State(string html) => Kept().Match(html).Groups["state"].Value;

    [GeneratedRegex("<!--Blazor:(?<json>{.*?})-->", RegexOptions.None, 1_000)]
    private static partial Regex Markers();

    [GeneratedRegex("<!--Blazor-Server-Component-State:(?<state>.*?)-->", RegexOptions.None, 1_000)]
    private static partial Regex Kept();
}
