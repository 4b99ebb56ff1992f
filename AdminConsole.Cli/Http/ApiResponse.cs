using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace AdminConsole.Cli.Http;

/// <summary>The body of a server response, as text.</summary>
internal sealed record ApiResponse(string Text)
{
    public T As<T>(JsonTypeInfo<T> type) => JsonSerializer.Deserialize(Text, type) ?? throw new JsonException("The response is empty.");
}
