using System.CommandLine;
using System.Text.Json.Serialization.Metadata;
using AdminConsole.Cli.Http;
using AdminConsole.Cli.Output;

namespace AdminConsole.Cli.Commands;

/// <summary>What is shown once. Standard output has the secret and nothing else, so that it can go straight to where it
/// is kept.</summary>
internal static class Secrets
{
    public static readonly Option<bool> Raw = new("--raw") { Description = "Print only the secret." };

    /// <summary>Shows the answer that has the secret, and takes the secret back where nobody can have seen
    /// it.</summary>
    /// <param name="run">The command.</param>
    /// <param name="answer">The server's answer.</param>
    /// <param name="type">What it is.</param>
    /// <param name="secret">The secret in it.</param>
    /// <param name="words">What is said of it to people, without <c>--raw</c>.</param>
    /// <param name="takeBack">Makes the secret useless; answers what became of it.</param>
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
