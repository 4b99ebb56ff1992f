namespace AdminConsole.Benchmarks;

/// <summary>How much is measured.</summary>
/// <param name="Rounds">How often each measurement is repeated.</param>
/// <param name="Pages">How many pages are open at once.</param>
/// <param name="Data">Where large sets of data are kept from one run to the next.</param>
/// <param name="Users">How many users there are to search.</param>
/// <param name="Events">How many events the audit log has, besides one for each user.</param>
/// <param name="Postgres">An empty database of PostgreSQL, or one of an earlier run, for the large sets of
/// data.</param>
internal sealed record Plan(int Rounds, int Pages, string Data, int Users, int Events, string? Postgres)
{
    public static readonly Plan Usual = new(5, 1_000, Path.Combine(Path.GetTempPath(), "adminconsole-bench"), 100_000, 1_000_000, null);

    /// <summary>Reads <c>[rounds] [row…] [--pages N] [--data FOLDER] [--users N] [--events N] [--postgres
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
