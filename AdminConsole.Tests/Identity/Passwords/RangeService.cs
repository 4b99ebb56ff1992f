#pragma warning disable CA5350 // The protocol requires SHA-1.
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;

namespace AdminConsole.Tests.Identity.Passwords;

/// <summary>A server for the range protocol of breached passwords: five digits of the SHA-1 in the path, suffixes with
/// counts, and padding with a count of 0.</summary>
public sealed class RangeService : IAsyncDisposable
{
    private readonly WebApplication server;

    private RangeService(WebApplication server) => this.server = server;

    public string Address => server.Urls.First() + "/range/";

    /// <summary>The breached passwords with their counts; padding has a count of 0.</summary>
    public ConcurrentDictionary<string, int> Known { get; } = new();

    /// <summary>The received requests: the end of the path, and the padding header.</summary>
    public ConcurrentQueue<(string Prefix, string Padding)> Asked { get; } = new();

    /// <summary>While set, the server does not respond.</summary>
    public TaskCompletionSource? Silence { get; set; }

    public static async Task<RangeService> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var service = new RangeService(builder.Build());
        service.server.MapGet("/range/{prefix}", service.AnswerAsync);
        await service.server.StartAsync();
        return service;
    }

    public async ValueTask DisposeAsync()
    {
        Silence?.TrySetResult();
        await server.DisposeAsync();
    }

    private async Task<string> AnswerAsync(string prefix, HttpContext context)
    {
        Asked.Enqueue((prefix, context.Request.Headers["Add-Padding"].ToString()));
        await (Silence?.Task ?? Task.CompletedTask);
        var lines = Known
            .Select(entry => (Hash: Convert.ToHexString(SHA1.HashData(Encoding.UTF8.GetBytes(entry.Key))), entry.Value))
            .Where(entry => entry.Hash.StartsWith(prefix, StringComparison.Ordinal));
        return string.Join(
            "\r\n",
            [$"{new string('0', 35)}:7", .. lines.Select(entry => $"{entry.Hash[5..]}:{entry.Value}"), $"{new string('F', 35)}:0"]
        );
    }
}
