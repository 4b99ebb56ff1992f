using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;

namespace AdminConsole.Core.Identity.Passwords;

/// <summary>Where to ask whether a password is in a known breach; without an address nobody is asked.</summary>
public sealed record BreachService(Uri? Address)
{
    /// <summary>Have I Been Pwned's range service, https://haveibeenpwned.com/API/v3#PwnedPasswords.</summary>
    public static readonly Uri Public = new("https://api.pwnedpasswords.com/range/");
}

/// <summary>What is known about a password's being in a breach.</summary>
public enum BreachState
{
    /// <summary>In none that the service knows of.</summary>
    Clear,

    /// <summary>The service was not there, so that nobody knows.</summary>
    Unchecked,

    /// <summary>Checking is switched off.</summary>
    Off,

    Breached,
}

/// <summary>
/// Asks a range service by k-anonymity: five hexadecimal digits of the password's SHA-1 leave this machine, nothing
/// else, and a padded answer
/// doesn't tell by its length either. A service that is away for more than a second is not waited for, and not asked
/// again for half a minute.
/// </summary>
public sealed class BreachCheck(BreachService service, IHttpClientFactory clients, TimeProvider clock, ILogger<BreachCheck> log)
{
    internal const string ClientName = "breached passwords";

    private const int PrefixLength = 5;

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(30);

    private long restUntil;

    public async Task<BreachState> CheckAsync(string password)
    {
        if (service.Address is null)
        {
            return BreachState.Off;
        }

        if (clock.GetUtcNow().UtcTicks < Interlocked.Read(ref restUntil))
        {
            return BreachState.Unchecked;
        }

        try
        {
            return await IsListedAsync(password) ? BreachState.Breached : BreachState.Clear;
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException or IOException)
        {
            Interlocked.Exchange(ref restUntil, (clock.GetUtcNow() + Rest).UtcTicks);
            log.LogWarning(
                "The range service for breached passwords did not answer ({Problem}); passwords set in the next {Seconds} s "
                    + "are not checked.",
                exception.Message,
                Rest.TotalSeconds
            );
            return BreachState.Unchecked;
        }
    }

    private async Task<bool> IsListedAsync(string password)
    {
#pragma warning disable CA5350 // The service's protocol; nothing is kept by this hash.
        var hash = Convert.ToHexString(SHA1.HashData(Encoding.UTF8.GetBytes(password)));
#pragma warning restore CA5350
        using var patience = new CancellationTokenSource(Timeout);
        using var client = clients.CreateClient(ClientName);
        var answer = await client.GetStringAsync(new Uri(service.Address!, hash[..PrefixLength]), patience.Token);
        // "SUFFIX:COUNT" in each line; the padding has a count of 0.
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
