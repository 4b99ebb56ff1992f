using System.CommandLine;

namespace AdminConsole.Cli.Commands;

/// <summary>What is shown once. Standard output has the secret and nothing else, so that it can go straight to where it is kept.</summary>
internal static class Secrets
{
    public static readonly Option<bool> Raw = new("--raw") { Description = "Only the bare secret, without a word." };

    public static void Print(Run run, string secret, params string[] words)
    {
        foreach (var word in words.Where(_ => !run.Get(Raw)))
        {
            run.Terminal.Say(word);
        }

        run.Terminal.Print(secret);
    }
}
