using System.Text;

namespace AdminConsole.Cli.Output;

/// <summary>A cell of a table.</summary>
internal readonly record struct Cell(string? Text, Tone Tone = Tone.Plain)
{
    public static implicit operator Cell(string? text) => new(text);
}

/// <summary>Writes rows as a table. On a screen, the table has headings and is cut to the screen's width. In a pipe,
/// the cells are tab-separated, not cut, and without headings, for <c>cut</c> and <c>awk</c>.</summary>
internal sealed class Table(params string[] headings)
{
    private const int Gap = 2;
    private const int MinWidth = 6;

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
            var text = Texts.Truncate(cells[column].Text!, widths[column]);
            line.Append(terminal.Paint(text, cells[column].Tone));
            if (column < cells.Length - 1)
            {
                line.Append(' ', widths[column] - Texts.Width(text) + Gap);
            }
        }

        return line.ToString();
    }

    // Shrinks the widest columns first.
    private int[] Widths(int? screen)
    {
        var widths = headings
            .Select((heading, column) => rows.Select(row => Texts.Width(row[column].Text!)).Append(heading.Length).Max())
            .ToArray();
        for (var over = widths.Sum() + (Gap * (widths.Length - 1)) - (screen ?? int.MaxValue); over > 0; over--)
        {
            var widest = Array.IndexOf(widths, widths.Max());
            if (widths[widest] <= MinWidth)
            {
                break;
            }

            widths[widest]--;
        }

        return widths;
    }
}

/// <summary>Writes the properties of one object, one name and value per line.</summary>
internal sealed class PropertyList
{
    private readonly List<(string Name, Cell Value)> properties = [];

    /// <summary>Adds a property. Empty values are omitted.</summary>
    public PropertyList Add(string name, Cell value)
    {
        if (!string.IsNullOrEmpty(value.Text))
        {
            properties.Add((name, value with { Text = Texts.Line(value.Text) }));
        }

        return this;
    }

    public void Print(Terminal terminal)
    {
        var width = properties.Max(property => property.Name.Length) + 2;
        foreach (var (name, value) in properties)
        {
            terminal.Print(
                terminal.IsScreen
                    ? terminal.Paint(name.PadRight(width), Tone.Quiet) + terminal.Paint(value.Text!, value.Tone)
                    : $"{name}\t{value.Text}"
            );
        }
    }
}
