using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace AdminConsole.Cli.Output;

/// <summary>Writes JSON without reflection, which trimming would break.</summary>
internal static class JsonText
{
    // The output goes to pipes and terminals, not to HTML pages, so "+" and "ü" need no escaping.
    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes an object of strings, numbers, booleans, times, string lists and JSON elements. Null members are
    /// omitted.</summary>
    public static string Object(params (string Name, object? Value)[] members) =>
        Write(json =>
        {
            json.WriteStartObject();
            foreach (var (name, value) in members.Where(member => member.Value is not null))
            {
                json.WritePropertyName(name);
                WriteValue(json, value!);
            }

            json.WriteEndObject();
        });

    public static string Write(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Readable))
        {
            write(json);
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void WriteValue(Utf8JsonWriter json, object value)
    {
        switch (value)
        {
            case string text:
                json.WriteStringValue(text);
                break;
            case bool truth:
                json.WriteBooleanValue(truth);
                break;
            case int number:
                json.WriteNumberValue(number);
                break;
            case DateTimeOffset time:
                json.WriteStringValue(time);
                break;
            case IEnumerable<string> texts:
                json.WriteStartArray();
                foreach (var text in texts)
                {
                    json.WriteStringValue(text);
                }

                json.WriteEndArray();
                break;
            case JsonElement element:
                element.WriteTo(json);
                break;
            default:
                throw new ArgumentException($"{value.GetType()} is not a supported JSON value.", nameof(value));
        }
    }
}
