using AdminConsole.Cli.Output;
using AdminConsole.Core.Contracts;

namespace AdminConsole.Cli.Auth;

/// <summary>Signs in with a code that the user approves in a browser, on any machine (RFC 8628).</summary>
internal static class DeviceSignIn
{
    public static async Task<TokenResponse> RunAsync(OAuth oauth, Terminal terminal, string device, CancellationToken ct)
    {
        var (request, refused) = await oauth.RequestDeviceAsync(device, ct);
        if (request is null)
        {
            throw refused!;
        }

        terminal.WriteInfo(
            $"Open {request.VerificationUriComplete}\nand approve the code {request.UserCode}, if it is the one shown there. Waiting…"
        );
        var clock = TimeProvider.System;
        var interval = request.Interval;
        var began = clock.GetTimestamp();
        while (clock.GetElapsedTime(began).TotalSeconds < request.ExpiresIn)
        {
            await Task.Delay(TimeSpan.FromSeconds(interval), ct);
            var (tokens, refusal) = await PollAsync(oauth, request.DeviceCode, ct);
            if (tokens is not null)
            {
                return tokens;
            }

            interval = refusal?.Code switch
            {
                "authorization_pending" => interval,
                "slow_down" => interval + 5,
                // The server was not reached: back off, as RFC 8628, section 3.5 requires.
                null => interval * 2,
                "access_denied" => throw new CliException(
                    ExitCode.NotSignedIn,
                    "The sign-in was denied in the browser.",
                    code: "access_denied"
                ),
                "expired_token" => throw Expired(),
                _ => throw refusal,
            };
        }

        throw Expired();
    }

    private static async Task<(TokenResponse?, CliException?)> PollAsync(OAuth oauth, string deviceCode, CancellationToken ct)
    {
        try
        {
            return await oauth.PollAsync(deviceCode, ct);
        }
        // A connection that takes too long is cancelled by the client.
        catch (Exception lost) when (lost is HttpRequestException || (lost is TaskCanceledException && !ct.IsCancellationRequested))
        {
            return (null, null);
        }
    }

    private static CliException Expired() =>
        new(ExitCode.NotSignedIn, "The code wasn't approved in time.", "Start over: adminctl login", "expired_token");
}
