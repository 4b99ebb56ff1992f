using System.Net;
using System.Text.RegularExpressions;

namespace AdminConsole.Tests.Http;

/// <summary>The first form of a static page, as a browser would send it.</summary>
internal static partial class PageForm
{
    public static readonly (string, string) Html = ("Accept", "text/html");

    /// <summary>Reads the names and values of the fields, including the antiforgery token.</summary>
    public static async Task<Dictionary<string, string>> ReadAsync(ApiClient caller, string address)
    {
        var page = (await caller.GetAsync(address, Html)).Is(200).Text;
        var form = page[page.IndexOf("<form", StringComparison.Ordinal)..page.IndexOf("</form>", StringComparison.Ordinal)];
        return Inputs()
            .Matches(form)
            .Select(input => input.Value)
            .Select(input => (Name: Attribute(input, "name"), Value: Attribute(input, "value")))
            .Where(field => field.Name.Length > 0)
            .DistinctBy(field => field.Name)
            .ToDictionary(field => field.Name, field => field.Value);
    }

    /// <summary>Fills in some fields and sends the form.</summary>
    public static async Task<ApiResponse> SendAsync(ApiClient caller, string address, params (string Name, string Value)[] values)
    {
        var fields = await ReadAsync(caller, address);
        foreach (var (name, value) in values)
        {
            fields[name] = value;
        }

        return await caller.PostAsync(address, new FormUrlEncodedContent(fields), Html);
    }

    private static string Attribute(string input, string name) =>
        WebUtility.HtmlDecode(Regex.Match(input, $"\\b{name}=\"([^\"]*)\"", RegexOptions.None, TimeSpan.FromSeconds(1)).Groups[1].Value);

    [GeneratedRegex("<input[^>]*>", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Inputs();
}
