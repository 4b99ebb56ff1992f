using System.Globalization;
using System.Text;

namespace AdminConsole.Cli.Output;

/// <summary>The emphasis of a text, where colors are shown.</summary>
internal enum Tone
{
    Plain,
    Heading,
    Good,
    Bad,
    Quiet,
}

/// <summary>Writes data to standard output and messages to standard error. Colors are used only on a screen, and never
/// if NO_COLOR is set.</summary>
internal sealed class Terminal(bool json)
{
    // A process has one standard output.
    private static readonly StreamWriter Standard = new(StandardOutput.Open(), new UTF8Encoding(false)) { NewLine = "\n" };

    private readonly StreamWriter output = Standard;
    private readonly TextWriter errors = Console.Error;

    /// <summary>Standard output, for the text that System.CommandLine writes.</summary>
    public static TextWriter Writer => Standard;

    public bool IsJson => json;

    /// <summary>False if standard output is a pipe or a file.</summary>
    public bool IsScreen { get; } = !Console.IsOutputRedirected;

    /// <summary>True if the user can be prompted for input.</summary>
    public bool CanAsk { get; } = !Console.IsInputRedirected && !Console.IsErrorRedirected;

    /// <summary>The number of columns; null if lines may have any length.</summary>
    public int? Width =>
        int.TryParse(Environment.GetEnvironmentVariable("COLUMNS"), NumberStyles.None, CultureInfo.InvariantCulture, out var columns)
        && columns >= 20
            ? columns
        : IsScreen && ScreenWidth() is >= 20 and var width ? width
        : null;

    private bool HasColours { get; } =
        !Console.IsOutputRedirected
        && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"))
        && Environment.GetEnvironmentVariable("TERM") is not "dumb";

    /// <summary>Prints a line of data.</summary>
    public void Print(string line) => output.WriteLine(line);

    /// <summary>Writes a message that is not data to standard error.</summary>
    public void WriteInfo(string words) => WriteLine(Texts.Clean(words));

    /// <summary>Returns the stream for data that is not lines of text. Flushes earlier output first.</summary>
    public Stream OpenData()
    {
        Flush();
        return output.BaseStream;
    }

    public void Flush() => output.Flush();

    public void WriteError(CliException stop)
    {
        if (json)
        {
            WriteLine(stop.Problem ?? JsonText.Object(("code", stop.Code), ("detail", stop.Message), ("hint", stop.Hint)));
            return;
        }

        WriteInfo($"adminctl: {stop.Message}");
        if (stop.Hint is { } hint)
        {
            WriteInfo(hint);
        }
    }

    public string Paint(string text, Tone tone) => !HasColours || tone == Tone.Plain ? text : $"\e[{CodeOf(tone)}m{text}\e[0m";

    // Select graphic rendition (ECMA-48).
    private static string CodeOf(Tone tone) =>
        tone switch
        {
            Tone.Heading => "1",
            Tone.Good => "32",
            Tone.Bad => "31",
            _ => "2",
        };

    // If standard error cannot be written either, only the exit code reports the failure.
    private void WriteLine(string words)
    {
        try
        {
            errors.WriteLine(words);
        }
        catch (IOException) { }
    }

    private static int ScreenWidth()
    {
        try
        {
            return Console.WindowWidth;
        }
        catch (IOException)
        {
            return 0;
        }
    }
}
