using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using AdminConsole.Cli.Output;

namespace AdminConsole.Cli.Http;

/// <summary>The items of one or more pages of a list, in the API's format.</summary>
internal sealed record Listing(IReadOnlyList<JsonElement> Items, JsonElement Total, JsonElement? LookedBackTo, string? Next)
{
    private const int PageSize = 200;

    /// <summary>Reads pages until the limit is reached or there are no more items.</summary>
    /// <param name="api">The API to call.</param>
    /// <param name="path">The path of the list.</param>
    /// <param name="query">The filters.</param>
    /// <param name="limit">The maximum number of items; null for all.</param>
    /// <param name="ct">Cancels the operation.</param>
    /// <param name="cursor">The query parameter that takes the value of <c>next</c>.</param>
    public static async Task<Listing> ReadAsync(
        Api api,
        string path,
        Query query,
        int? limit,
        CancellationToken ct,
        string cursor = "cursor"
    )
    {
        var items = new List<JsonElement>();
        string? next = null;
        while (true)
        {
            var size = Math.Min(PageSize, (limit ?? int.MaxValue) - items.Count);
            var answer = await api.GetAsync(query.With("limit", $"{size}").With(cursor, next).Of(path), ct);
            using var document = JsonDocument.Parse(answer.Text);
            var page = document.RootElement.Clone();
            items.AddRange(page.GetProperty("items").EnumerateArray());
            next = page.GetProperty("next").GetString();
            JsonElement? searched = page.TryGetProperty("lookedBackTo", out var time) ? time : null;
            var stopsAtPause = limit is not null && searched is not null;
            if (next is null || items.Count >= limit || stopsAtPause)
            {
                return new Listing(items, page.GetProperty("total"), searched, next);
            }
        }
    }

    public IEnumerable<T> As<T>(JsonTypeInfo<T> type) => Items.Select(item => item.Deserialize(type)!);

    public string ToJson() =>
        JsonText.Write(json =>
        {
            json.WriteStartObject();
            json.WriteStartArray("items");
            foreach (var item in Items)
            {
                item.WriteTo(json);
            }

            json.WriteEndArray();
            json.WritePropertyName("total");
            Total.WriteTo(json);
            json.WriteString("next", Next);
            if (LookedBackTo is { } time)
            {
                json.WritePropertyName("lookedBackTo");
                time.WriteTo(json);
            }

            json.WriteEndObject();
        });
}

/// <summary>The query string of a URL. Null and empty values are omitted.</summary>
internal sealed record Query(params (string Name, string? Value)[] Parameters)
{
    public Query With(string name, string? value) => new([.. Parameters, (name, value)]);

    public string Of(string path)
    {
        var given = Parameters
            .Where(parameter => !string.IsNullOrEmpty(parameter.Value))
            .Select(parameter => $"{parameter.Name}={Uri.EscapeDataString(parameter.Value!)}");
        return string.Join('?', new[] { path, string.Join('&', given) }.Where(part => part.Length > 0));
    }
}
