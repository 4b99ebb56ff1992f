using System.Globalization;
using System.Text;

namespace AdminConsole.Cli.Output;

/// <summary>How loud a text is, where colours are shown.</summary>
internal enum Tone
{
    Plain,
    Heading,
    Good,
    Bad,
    Quiet,
}

/// <summary>Data goes to standard output, words for people to standard error. Colours only on a screen, and never with
/// NO_COLOR.</summary>
internal sealed class Terminal(bool json)
{
    // A process has one standard output.
    private static readonly StreamWriter Standard = new(StandardOutput.Open(), new UTF8Encoding(false)) { NewLine = "\n" };

    private readonly StreamWriter output = Standard;
    private readonly TextWriter errors = Console.Error;

    /// <summary>Standard output, for what System.CommandLine writes itself.</summary>
    public static TextWriter Writer => Standard;

    public bool IsJson => json;

    /// <summary>False where standard output is a pipe or a file.</summary>
    public bool IsScreen { get; } = !Console.IsOutputRedirected;

    /// <summary>True where input can be asked for.</summary>
    public bool CanAsk { get; } = !Console.IsInputRedirected && !Console.IsErrorRedirected;

    /// <summary>How many columns there are; null where a line may be of any length.</summary>
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

    /// <summary>Tells the person something that is not the data.</summary>
    public void WriteInfo(string words) => WriteLine(Texts.Clean(words));

    /// <summary>Where data goes that is not lines of text; nothing printed before may be left behind.</summary>
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

    public string Paint(string text, Tone tone) =>
        !HasColours || tone == Tone.Plain
            ? text
            : $"\e[{tone switch
    {
        Tone.Heading => "1",
        Tone.Good => "32",
        Tone.Bad => "31",
        _ => "2",
    }}m{text}\e[0m";

    // Where standard error can't be written either, the exit code is all that is left.
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
