using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace AdminConsole.Cli.Http;

/// <summary>What the server answered, as text.</summary>
internal sealed record ApiResponse(string Text)
{
    public T As<T>(JsonTypeInfo<T> type) => JsonSerializer.Deserialize(Text, type) ?? throw new JsonException("The answer is empty.");
}
