using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace AdminConsole.Benchmarks.Circuits;

/// <summary>Reads the component markers that prerendering writes into comments of a page, for the circuit to start
/// with.</summary>
internal static partial class Markup
{
    /// <summary>Returns the component descriptors in the form that the hub expects.</summary>
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

    /// <summary>Returns the protected prerendering state; empty if there is none.</summary>
    public static string State(string html) => StateMarker().Match(html).Groups["state"].Value;

    [GeneratedRegex("<!--Blazor:(?<json>{.*?})-->", RegexOptions.None, 1_000)]
    private static partial Regex Markers();

    [GeneratedRegex("<!--Blazor-Server-Component-State:(?<state>.*?)-->", RegexOptions.None, 1_000)]
    private static partial Regex StateMarker();
}
