using System.Buffers.Binary;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using AdminConsole.Core.Authentication;
using AdminConsole.Core.Common;
using AdminConsole.Core.Data;
using AdminConsole.Startup;
using Microsoft.Extensions.Primitives;

namespace AdminConsole.Authentication;

/// <summary>Decides who may create the first administrator. In development, every caller may. Otherwise, callers on
/// this machine and callers with the code that the server printed at startup may.</summary>
public sealed class SetupGate(ConsoleSettings settings, ServerKeys keys, IServiceScopeFactory scopes)
{
    private const int CodeLength = 12;

    private static readonly string[] ProxyHeaders =
    [
        "Forwarded",
        "X-Forwarded-For",
        "X-Forwarded-Proto",
        "X-Forwarded-Host",
        "X-Real-IP",
        "Via",
    ];

    private static readonly Refusal CodeRequired = Refusal.Forbidden(
        "setup_code_required",
        "Enter the setup code that the server printed when it started."
    );

    private volatile bool done;

    /// <summary>The setup code, shown only in the server's output. It has 12 letters and is derived from a key of this
    /// installation, so that every node accepts it.</summary>
    public string Code =>
        string.Concat(
            HMACSHA512
                .HashData(keys.DerivationKey, "setup"u8)
                .Take(2 * CodeLength)
                .Chunk(2)
                .Select(pair => HumanReadableCode.Alphabet[BinaryPrimitives.ReadUInt16BigEndian(pair) % HumanReadableCode.Alphabet.Length])
        );

    /// <summary>True while no user exists. Once false, it stays false without another query.</summary>
    public async ValueTask<bool> IsOpenAsync(CancellationToken ct)
    {
        if (done)
        {
            return false;
        }

        await using var scope = scopes.CreateAsyncScope();
        done = !await scope.ServiceProvider.GetRequiredService<FirstAdministrator>().IsNeededAsync(ct);
        return !done;
    }

    /// <summary>True when the caller must enter the code.</summary>
    public bool RequiresCode(HttpContext context) =>
        !settings.IsDevelopment
        && (
            context.Connection.RemoteIpAddress is not { } address
            || !IPAddress.IsLoopback(address)
            || ProxyHeaders.Any(header => !StringValues.IsNullOrEmpty(context.Request.Headers[header]))
        );

    /// <summary>Returns null when the caller may proceed. When the setup is already done, the operation itself
    /// refuses.</summary>
    public async Task<Refusal?> RequireAsync(HttpContext context, string? code) =>
        RequiresCode(context) && await IsOpenAsync(context.RequestAborted) && !IsCode(code) ? CodeRequired : null;

    private bool IsCode(string? code) =>
        code is not null
        && CryptographicOperations.FixedTimeEquals(
            Encoding.UTF8.GetBytes(code.Trim().Replace("-", "", StringComparison.Ordinal).ToUpperInvariant()),
            Encoding.UTF8.GetBytes(Code)
        );
}
