using System.Text;

namespace AdminConsole.Cli.Output;

/// <summary>A cell of a table.</summary>
internal readonly record struct Cell(string? Text, Tone Tone = Tone.Plain)
{
    public static implicit operator Cell(string? text) => new(text);
}

/// <summary>
/// Rows for people: on a screen with headings, cut to its width. In a pipe the same cells, tab-separated, whole and
/// without headings,
/// for <c>cut</c> and <c>awk</c>.
/// </summary>
internal sealed class Table(params string[] headings)
{
    private const int Gap = 2;
    private const int Narrowest = 6;

    private readonly List<Cell[]> rows = [];

    public void Add(params Cell[] cells) => rows.Add(Array.ConvertAll(cells, cell => cell with { Text = Texts.Line(cell.Text ?? "") }));

    public void Print(Terminal terminal)
    {
        if (!terminal.IsScreen)
        {
            rows.ForEach(row => terminal.Print(string.Join('\t', row.Select(cell => cell.Text))));
            return;
        }

        var widths = Widths(terminal.Width);
        terminal.Print(Line(terminal, Array.ConvertAll(headings, heading => new Cell(heading.ToUpperInvariant(), Tone.Heading)), widths));
        rows.ForEach(row => terminal.Print(Line(terminal, row, widths)));
    }

    private static string Line(Terminal terminal, Cell[] cells, int[] widths)
    {
        var line = new StringBuilder();
        for (var column = 0; column < cells.Length; column++)
        {
            var text = Texts.Fit(cells[column].Text!, widths[column]);
            line.Append(terminal.Paint(text, cells[column].Tone));
            if (column < cells.Length - 1)
            {
                line.Append(' ', widths[column] - Texts.Width(text) + Gap);
            }
        }

        return line.ToString();
    }

    // The widest columns give way first.
    private int[] Widths(int? screen)
    {
        var widths = headings
            .Select((heading, column) => rows.Select(row => Texts.Width(row[column].Text!)).Append(heading.Length).Max())
            .ToArray();
        for (var over = widths.Sum() + (Gap * (widths.Length - 1)) - (screen ?? int.MaxValue); over > 0; over--)
        {
            var widest = Array.IndexOf(widths, widths.Max());
            if (widths[widest] <= Narrowest)
            {
                break;
            }

            widths[widest]--;
        }

        return widths;
    }
}

/// <summary>What there is to know about one thing: name and value, line by line.</summary>
internal sealed class PropertyList
{
    private readonly List<(string Name, Cell Value)> facts = [];

    /// <summary>Nothing is said where there is nothing to say.</summary>
    public PropertyList Add(string name, Cell value)
    {
        if (!string.IsNullOrEmpty(value.Text))
        {
            facts.Add((name, value with { Text = Texts.Line(value.Text) }));
        }

        return this;
    }

    public void Print(Terminal terminal)
    {
        var width = facts.Max(fact => fact.Name.Length) + 2;
        foreach (var (name, value) in facts)
        {
            terminal.Print(
                terminal.IsScreen
                    ? terminal.Paint(name.PadRight(width), Tone.Quiet) + terminal.Paint(value.Text!, value.Tone)
                    : $"{name}\t{value.Text}"
            );
        }
    }
}
