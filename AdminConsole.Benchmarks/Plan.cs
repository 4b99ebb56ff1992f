namespace AdminConsole.Benchmarks;

/// <summary>The extent of a run.</summary>
/// <param name="Rounds">The number of repetitions of each measurement.</param>
/// <param name="Pages">The number of pages open at the same time.</param>
/// <param name="Data">The folder in which large data sets are kept between runs.</param>
/// <param name="Users">The number of users to search.</param>
/// <param name="Events">The number of audit events, besides one for each user.</param>
/// <param name="Postgres">The connection string of a PostgreSQL database for the large data sets: empty, or of an
/// earlier run.</param>
internal sealed record Plan(int Rounds, int Pages, string Data, int Users, int Events, string? Postgres)
{
    public static readonly Plan Usual = new(5, 1_000, Path.Combine(Path.GetTempPath(), "adminconsole-bench"), 100_000, 1_000_000, null);

    /// <summary>Parses <c>[rounds] [row…] [--pages N] [--data FOLDER] [--users N] [--events N] [--postgres
    /// CONNECTION]</c>.</summary>
    public static (Plan Plan, List<string> Rows) Read(string[] args)
    {
        var (plan, rows) = (Usual, new List<string>());
        for (var at = 0; at < args.Length; at++)
        {
            plan = args[at] switch
            {
                "--pages" => plan with { Pages = int.Parse(args[++at]) },
                "--data" => plan with { Data = Path.GetFullPath(args[++at]) },
                "--users" => plan with { Users = int.Parse(args[++at]) },
                "--postgres" => plan with { Postgres = args[++at] },
                "--events" => plan with { Events = int.Parse(args[++at]) },
                var text when int.TryParse(text, out var rounds) => plan with { Rounds = rounds },
                var row => Add(row),
            };

            Plan Add(string row)
            {
                rows.Add(row);
                return plan;
            }
        }

        return (plan, rows);
    }
}
