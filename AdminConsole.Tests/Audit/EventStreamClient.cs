using System.Text.Json;

namespace AdminConsole.Tests.Audit;

/// <summary>A client of a server-sent event stream.</summary>
public sealed class EventStreamClient : IDisposable
{
    private readonly HttpClient http;
    private readonly StreamReader reader;

    private EventStreamClient(HttpClient http, StreamReader reader) => (this.http, this.reader) = (http, reader);

    public static async Task<EventStreamClient> BeginAsync(ApiClient caller, string query = "", string? lastEventId = null)
    {
        var client = new HttpClient(new SocketsHttpHandler { UseProxy = false, CookieContainer = caller.Cookies })
        {
            BaseAddress = caller.Root,
        };
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/audit/stream?{query}");
        if (lastEventId is not null)
        {
            request.Headers.Add("Last-Event-ID", lastEventId);
        }

        var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal("text/event-stream", response.EnsureSuccessStatusCode().Content.Headers.ContentType?.MediaType);
        return new EventStreamClient(client, new StreamReader(await response.Content.ReadAsStreamAsync()));
    }

    /// <summary>Reads the next event: id, name (empty without one) and data; null at the end of the stream.</summary>
    public async Task<(long Id, string Name, JsonElement Data)?> NextAsync()
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var (id, name) = (0L, "");
        while (await reader.ReadLineAsync(timeout.Token) is { } line)
        {
            if (line.StartsWith("id: ", StringComparison.Ordinal))
            {
                id = long.Parse(line[4..]);
            }
            else if (line.StartsWith("event: ", StringComparison.Ordinal))
            {
                name = line[7..];
            }
            else if (line.StartsWith("data: ", StringComparison.Ordinal))
            {
                return (id, name, JsonSerializer.Deserialize<JsonElement>(line[6..]));
            }
        }

        return null;
    }

    public void Dispose()
    {
        reader.Dispose();
        http.Dispose();
    }
}
