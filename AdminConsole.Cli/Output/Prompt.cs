using System.Text;

namespace AdminConsole.Cli.Output;

/// <summary>Prompts the user for input. In a pipe, secrets are read as lines of standard input.</summary>
internal static class Prompt
{
    /// <summary>Asks for confirmation unless <paramref name="yes"/> is set. Throws a <see cref="CliException"/> if the
    /// user does not confirm or there is no terminal.</summary>
    public static void Confirm(Terminal terminal, bool yes, string question)
    {
        if (yes)
        {
            return;
        }

        if (!terminal.CanAsk)
        {
            throw CliException.Usage("This needs to be confirmed, but there's no terminal to ask.", "Add --yes.");
        }

        Console.Error.Write($"{Texts.Clean(question)} [y/N] ");
        if (Console.ReadLine()?.Trim().ToUpperInvariant() is not ("Y" or "YES"))
        {
            throw new CliException(ExitCode.Refused, "Nothing was done.", code: "not_confirmed");
        }
    }

    /// <summary>Reads a line of input.</summary>
    public static string Ask(string question)
    {
        Console.Error.Write($"{question}: ");
        var line = Console.ReadLine();
        if (Console.IsInputRedirected)
        {
            Console.Error.WriteLine();
        }

        return line is { Length: > 0 } ? line : throw CliException.Usage($"{question} is required.");
    }

    /// <summary>Reads a secret without echoing it.</summary>
    public static string AskSecret(string question)
    {
        if (Console.IsInputRedirected)
        {
            return Console.ReadLine() is { Length: > 0 } line
                ? line
                : throw CliException.Usage($"Standard input has no line with: {question}.");
        }

        Console.Error.Write($"{question}: ");
        var secret = new StringBuilder();
        for (var key = Console.ReadKey(intercept: true); key.Key != ConsoleKey.Enter; key = Console.ReadKey(intercept: true))
        {
            if (key.Key == ConsoleKey.Backspace && secret.Length > 0)
            {
                secret.Length--;
            }
            else if (!char.IsControl(key.KeyChar))
            {
                secret.Append(key.KeyChar);
            }
        }

        Console.Error.WriteLine();
        return secret.Length > 0 ? secret.ToString() : throw CliException.Usage($"{question} is required.");
    }
}
