using System.Diagnostics;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace AdminConsole.Benchmarks.Circuits;

/// <summary>An open page without a browser: speaks the protocol of Blazor's script, acknowledges render batches and
/// answers JavaScript calls with null. Renders nothing; searches received batches for expected text.</summary>
internal sealed class Circuit : IAsyncDisposable
{
    /// <summary>The text of the empty page.</summary>
    public const string Nothing = "nothing here";

    private static readonly byte[] Handshake = [.. """{"protocol":"blazorpack","version":1}"""u8, 0x1E];

    private readonly ClientWebSocket socket = new();
    private readonly SemaphoreSlim sending = new(1);
    private readonly TaskCompletionSource<bool> started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<long> shutOut = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private byte[] buffer = new byte[16 * 1024];
    private volatile Awaited? awaited;

    /// <summary>Completes with the <see cref="Stopwatch"/> timestamp at which the page was redirected or its connection
    /// closed.</summary>
    public Task<long> ShutOut => shutOut.Task;

    /// <summary>The number of bytes received.</summary>
    public long Bytes { get; private set; }

    /// <summary>The number of render batches received.</summary>
    public int Batches { get; private set; }

    /// <summary>Opens a page and returns once it contains a text.</summary>
    /// <param name="browser">A signed-in client.</param>
    /// <param name="page">The address of the page.</param>
    /// <param name="cookies">The cookies of the browser, for the WebSocket.</param>
    /// <param name="text">The text that marks the page as complete.</param>
    public static async Task<Circuit> OpenAsync(HttpClient browser, Uri page, string cookies, string text)
    {
        var html = await browser.GetStringAsync(page);
        var components = Markup.Components(html);
        if (components.Count == 0)
        {
            throw new InvalidOperationException($"{page} has no interactive component.");
        }

        var circuit = new Circuit();
        circuit.socket.Options.KeepAliveInterval = TimeSpan.Zero;
        circuit.socket.Options.SetRequestHeader("Cookie", cookies);
        circuit.socket.Options.SetRequestHeader("Origin", page.GetLeftPart(UriPartial.Authority));
        await circuit.socket.ConnectAsync(
            new UriBuilder(page)
            {
                Scheme = "ws",
                Path = "/_blazor",
                Query = "",
            }.Uri,
            CancellationToken.None
        );
        await circuit.socket.SendAsync(Handshake, WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);
        _ = circuit.ReceiveAsync();
        var complete = circuit.SeesAsync(text);
        await circuit.SendAsync(BlazorPack.Ask("1", "StartCircuit", new Uri(page, "/").AbsoluteUri, page.AbsoluteUri, "[]", ""));
        await circuit.started.Task;
        var operations = new JsonObject { ["batchId"] = 1, ["operations"] = components };
        await circuit.SendAsync(BlazorPack.Call("UpdateRootComponents", operations.ToJsonString(), Markup.State(html)));
        await complete.WaitAsync(TimeSpan.FromMinutes(1));
        return circuit;
    }

    /// <summary>Completes with the <see cref="Stopwatch"/> timestamp at which the text is received. Awaits one text at
    /// a time.</summary>
    public Task<long> SeesAsync(string text)
    {
        var next = new Awaited(Encoding.UTF8.GetBytes(text));
        awaited = next;
        return next.Seen.Task;
    }

    public Task PingAsync() => socket.State == WebSocketState.Open ? SendAsync(BlazorPack.Ping()) : Task.CompletedTask;

    public ValueTask DisposeAsync()
    {
        socket.Dispose();
        sending.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task ReceiveAsync()
    {
        try
        {
            var shaken = false;
            var filled = 0;
            while (true)
            {
                if (filled == buffer.Length)
                {
                    Array.Resize(ref buffer, 2 * buffer.Length);
                }

                var received = await socket.ReceiveAsync(buffer.AsMemory(filled), CancellationToken.None);
                if (received.MessageType == WebSocketMessageType.Close)
                {
                    break;
                }

                Bytes += received.Count;
                filled += received.Count;
                var taken = 0;
                if (!shaken && buffer.AsSpan(0, filled).IndexOf((byte)0x1E) is var end and >= 0)
                {
                    (shaken, taken) = (true, end + 1);
                }

                while (shaken && BlazorPack.Read(buffer.AsMemory(taken, filled - taken)) is { Taken: > 0 } next)
                {
                    await HearAsync(next.Message);
                    taken += next.Taken;
                }

                buffer.AsSpan(taken, filled - taken).CopyTo(buffer);
                filled -= taken;
            }

            End("The server closed the connection.");
        }
        catch (Exception exception) when (exception is WebSocketException or ObjectDisposedException or OperationCanceledException)
        {
            End(exception.Message);
        }
        catch (Exception exception)
        {
            await Console.Error.WriteLineAsync(exception.ToString());
            End(exception.Message);
        }
    }

    private async Task HearAsync(object?[] message)
    {
        switch (message)
        {
            case [1L, _, _, "JS.RenderBatch", object?[] and [long id, ReadOnlyMemory<byte> batch], ..]:
                var now = Stopwatch.GetTimestamp();
                Batches++;
                if (awaited is { } wanted && batch.Span.IndexOf(wanted.Text) >= 0)
                {
                    wanted.Seen.TrySetResult(now);
                }

                await SendAsync(BlazorPack.Call("OnRenderCompleted", id, null));
                break;
            case [1L, _, _, "JS.BeginInvokeJS", object?[] and [long task, string name, string arguments, ..], ..]:
                if (
                    name.EndsWith("navigateTo", StringComparison.Ordinal)
                    && arguments.Contains("\"forceLoad\":true", StringComparison.Ordinal)
                )
                {
                    shutOut.TrySetResult(Stopwatch.GetTimestamp());
                }

                if (task != 0)
                {
                    await SendAsync(BlazorPack.Call("EndInvokeJSFromDotNet", task, true, $"[{task},true,null]"));
                }

                break;
            case [1L, _, _, "JS.Error", object?[] and [var error, ..], ..]:
                End($"{error}");
                break;
            case [3L, _, "1", 3L, string]:
                started.TrySetResult(true);
                break;
            case [3L, _, "1", ..]:
            case [7L, ..]:
                End(JsonSerializer.Serialize(message[1..]));
                break;
        }
    }

    private void End(string why)
    {
        shutOut.TrySetResult(Stopwatch.GetTimestamp());
        var ended = new InvalidOperationException($"The circuit ended: {why}");
        started.TrySetException(ended);
        awaited?.Seen.TrySetException(ended);
    }

    private async Task SendAsync(byte[] message)
    {
        await sending.WaitAsync();
        try
        {
            await socket.SendAsync(message, WebSocketMessageType.Binary, endOfMessage: true, CancellationToken.None);
        }
        finally
        {
            sending.Release();
        }
    }

    private sealed record Awaited(byte[] Text)
    {
        public TaskCompletionSource<long> Seen { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
