using System.CommandLine;
using System.Text.Json.Serialization.Metadata;
using AdminConsole.Cli.Http;
using AdminConsole.Cli.Output;

namespace AdminConsole.Cli.Commands;

/// <summary>Shows secrets that cannot be shown again. Standard output receives only the secret, so that it can be piped
/// to a secret store.</summary>
internal static class Secrets
{
    public static readonly Option<bool> Raw = new("--raw") { Description = "Print only the secret." };

    /// <summary>Shows the response that contains the secret, and revokes the secret if it could not be shown.</summary>
    /// <param name="run">The command's context.</param>
    /// <param name="answer">The server's response.</param>
    /// <param name="type">The JSON type of the response.</param>
    /// <param name="secret">Returns the secret in the response.</param>
    /// <param name="words">Returns the messages to write to standard error, unless <c>--raw</c> is set.</param>
    /// <param name="takeBack">Revokes the secret and returns a message about the outcome.</param>
    public static async Task RevealAsync<T>(
        CommandContext run,
        ApiResponse answer,
        JsonTypeInfo<T> type,
        Func<T, string> secret,
        Func<T, string[]> words,
        Func<T, Task<string>> takeBack
    )
    {
        try
        {
            run.Show(answer, type, shown => Print(run, secret(shown), words(shown)));
            run.Terminal.Flush();
        }
        catch (Exception output) when (output is OutputException or IOException)
        {
            throw new CliException(ExitCode.Refused, $"{output.Message} {await SayAsync(() => takeBack(answer.As(type)))}", code: "output");
        }
    }

    private static async Task<string> SayAsync(Func<Task<string>> takeBack)
    {
        try
        {
            return await takeBack();
        }
        catch (Exception failure) when ((failure as CliException ?? Failures.Explain(failure)) is { } stop)
        {
            return $"The secret couldn't be shown, and couldn't be revoked either: {stop.Message}";
        }
    }

    private static void Print(CommandContext run, string secret, string[] words)
    {
        foreach (var word in words.Where(_ => !run.Get(Raw)))
        {
            run.Terminal.WriteInfo(word);
        }

        run.Terminal.Print(secret);
    }
}
