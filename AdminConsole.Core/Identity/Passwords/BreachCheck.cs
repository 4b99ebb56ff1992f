using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;

namespace AdminConsole.Core.Identity.Passwords;

/// <summary>The service that knows whether a password is in a known breach. Without an address, passwords are not
/// checked.</summary>
public sealed record BreachService(Uri? Address)
{
    /// <summary>The range service of Have I Been Pwned: https://haveibeenpwned.com/API/v3#PwnedPasswords.</summary>
    public static readonly Uri Public = new("https://api.pwnedpasswords.com/range/");
}

/// <summary>The result of a breach check.</summary>
public enum BreachState
{
    /// <summary>The service does not list the password.</summary>
    Clear,

    /// <summary>The service did not answer; the password was not checked.</summary>
    Unchecked,

    /// <summary>The check is disabled.</summary>
    Off,

    Breached,
}

/// <summary>Queries a range service by k-anonymity: only five hexadecimal digits of the password's SHA-1 leave this
/// server. A padded response does not reveal the result by its length either. A query is abandoned after one second
/// without an answer, and the service is then not queried for 30 seconds.</summary>
public sealed class BreachCheck(BreachService service, IHttpClientFactory clients, TimeProvider clock, ILogger<BreachCheck> log)
{
    internal const string ClientName = "breached passwords";

    private const int PrefixLength = 5;

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan BackOff = TimeSpan.FromSeconds(30);

    private long backOffUntil;

    public async Task<BreachState> CheckAsync(string password)
    {
        if (service.Address is null)
        {
            return BreachState.Off;
        }

        if (clock.GetUtcNow().UtcTicks < Interlocked.Read(ref backOffUntil))
        {
            return BreachState.Unchecked;
        }

        try
        {
            return await IsListedAsync(password) ? BreachState.Breached : BreachState.Clear;
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException or IOException)
        {
            Interlocked.Exchange(ref backOffUntil, (clock.GetUtcNow() + BackOff).UtcTicks);
            log.LogWarning(
                "The range service for breached passwords did not answer ({Problem}); passwords set in the next {Seconds} s "
                    + "are not checked.",
                exception.Message,
                BackOff.TotalSeconds
            );
            return BreachState.Unchecked;
        }
    }

    private async Task<bool> IsListedAsync(string password)
    {
#pragma warning disable CA5350 // Required by the service's protocol; this hash is not stored.
        var hash = Convert.ToHexString(SHA1.HashData(Encoding.UTF8.GetBytes(password)));
#pragma warning restore CA5350
        using var timeout = new CancellationTokenSource(Timeout);
        using var client = clients.CreateClient(ClientName);
        var answer = await client.GetStringAsync(new Uri(service.Address!, hash[..PrefixLength]), timeout.Token);
        // Each line is "SUFFIX:COUNT". Padding has a count of 0.
        return answer
            .Split('\n')
            .Any(line =>
                line.StartsWith(hash[PrefixLength..], StringComparison.OrdinalIgnoreCase)
                && line.Split(':') is [_, var count]
                && long.TryParse(count, NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var times)
                && times > 0
            );
    }
}
