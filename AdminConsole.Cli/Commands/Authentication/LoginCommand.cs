using System.CommandLine;
using AdminConsole.Cli.Auth;
using AdminConsole.Cli.Commands.System;
using AdminConsole.Cli.Configuration;
using AdminConsole.Cli.Http;
using AdminConsole.Cli.Output;

namespace AdminConsole.Cli.Commands.Authentication;

internal static class LoginCommand
{
    private static readonly Option<bool> Password = new("--password")
    {
        Description = "Sign in with a password. It's prompted for, or read from standard input.",
    };

    private static readonly Option<string?> User = new("--user")
    {
        Description = "With --password: your email or username.",
        HelpName = "login",
    };

    private static readonly Option<string?> Code = new("--code")
    {
        Description = "Sign in with a code from the console's page Devices or Install CLI.",
        HelpName = "code",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private static readonly Option<string?> Token = new("--token")
    {
        Description =
            "Sign in with a personal access token. Left out, it is asked for or read from standard input, and so stays out "
            + "of the shell's history.",
        HelpName = "token",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private static readonly Option<string?> Device = new("--device-name")
    {
        Description = "The name of this machine in your list of devices.",
        HelpName = "name",
    };

    public static Command Create()
    {
        var login = new Command("login", "Sign in by approving a code in the browser, or with an option below.")
        {
            Password,
            User,
            Code,
            Token,
            Device,
        };
        login.Validators.Add(given =>
        {
            if (new Option[] { Password, Code, Token }.Count(option => given.GetResult(option) is { Implicit: false }) > 1)
            {
                given.AddError("Choose one of --password, --code and --token.");
            }
        });
        return login.SetHandler(SignInAsync);
    }

    private static async Task SignInAsync(CommandContext run)
    {
        if (run.Server is { Scheme: "http", IsLoopback: false })
        {
            run.Terminal.WriteInfo("Warning: the connection to this server isn't encrypted. Your credentials can be intercepted.");
        }

        using var connection = new Connection(run.Server);
        var credential = await ProveAsync(run, connection);
        using var api = new Api(
            run.Server,
            AccessTokenProvider.With(run.Server, run.Credentials, credential.AccessToken, OriginOfToken(run))
        );
        var answer = await api.GetAsync("api/auth/me", run.Stopped);
        var me = answer.As(ApiJson.Default.Me);

        var before = await KeepAsync(run, credential with { User = me.SignInName });
        if (before?.RefreshToken is { } superseded)
        {
            await ForgetAsync(connection, superseded);
        }

        run.Show(answer, ApiJson.Default.Me, me => run.Terminal.WriteInfo($"Signed in to {run.Server} as {me.SignInName}."));
        await VersionCommand.WarnIfDifferentAsync(run, connection);
    }

    private static async Task<Credential> ProveAsync(CommandContext run, Connection connection)
    {
        var device = run.Get(Device) ?? Environment.MachineName;
        var oauth = new OAuth(connection);
        if (run.Has(Token))
        {
            return new Credential
            {
                AccessToken = run.Get(Token) is { } given
                    ? TokenText.Read(given, "--token")
                    : TokenText.Read(Prompt.AskSecret("Token"), "The token"),
            };
        }

        if (run.Has(Code))
        {
            var (tokens, refusal) = await oauth.RedeemAsync(run.Get(Code) ?? Prompt.Ask("Code"), device, run.Stopped);
            return tokens is not null
                ? OAuth.ToCredential(tokens)
                : throw (
                    refusal!.Code == "invalid_grant"
                        ? new CliException(
                            ExitCode.NotSignedIn,
                            "This code isn't valid. It may be mistyped, used or older than 10 minutes.",
                            "Create a new one in the console.",
                            refusal.Code
                        )
                        {
                            Problem = refusal.Problem,
                        }
                        : refusal
                );
        }

        var signedIn = run.Get(Password)
            ? await PasswordSignIn.RunAsync(connection, run.Get(User), device, run.Stopped)
            : await DeviceSignIn.RunAsync(oauth, run.Terminal, device, run.Stopped);
        return OAuth.ToCredential(signedIn);
    }

    // Null for the methods whose token the server has just issued.
    private static string? OriginOfToken(CommandContext run) =>
        !run.Has(Token) ? null
        : run.Get(Token) is not null ? "The token of --token"
        : Console.IsInputRedirected ? "The token on standard input"
        : "The token";

    private static async Task<Credential?> KeepAsync(CommandContext run, Credential credential)
    {
        using var fileLock = await run.Credentials.LockAsync(run.Stopped);
        var before = run.Credentials.Find(run.Server);
        run.Credentials.Save(run.Server, credential);
        run.Folder.WriteServer(run.Server);
        return before;
    }

    // Revokes the device that this sign-in replaces, which would otherwise remain in the list until it expires. A
    // failure does not fail the sign-in.
    private static async Task ForgetAsync(Connection connection, string refreshToken)
    {
        try
        {
            await new OAuth(connection).RevokeAsync(refreshToken, CancellationToken.None);
        }
        catch (Exception failure) when (failure is HttpRequestException or CliException or OperationCanceledException) { }
    }
}
