using AdminConsole.Benchmarks;
using AdminConsole.Benchmarks.Rows;

// Measures the server beside yardsticks in the same run: bash scripts/bench.sh [rounds] [row…] [--pages N] [--data
// FOLDER] [--users N] [--events N] [--postgres CONNECTION]. With the arguments "yardstick NAME URL DATABASE TOKEN" it
// runs as one of the yardsticks.
if (args is ["yardstick", var name, var url, var database, var token])
{
    await Yardsticks.RunAsync(name, url, database, token);
    return 0;
}

var rows = new (string Name, Func<Plan, Task<string>> Measure)[]
{
    ("requests", Requests.MeasureAsync),
    ("changes", Changes.MeasureAsync),
    ("sign-in", SignIn.MeasureAsync),
    ("start", Start.MeasureAsync),
    ("fan-out", FanOut.MeasureAsync),
    ("shut-out", ShutOut.MeasureAsync),
    ("memory", Memory.MeasureAsync),
    ("search", Search.MeasureAsync),
    ("audit", Audit.MeasureAsync),
};
var (plan, chosen) = Plan.Read(args);
if (chosen.Find(row => rows.All(known => known.Name != row)) is { } unknown)
{
    await Console.Error.WriteLineAsync($"There is no row '{unknown}'; there are {string.Join(", ", rows.Select(row => row.Name))}.");
    return 2;
}

foreach (var (row, measure) in rows.Where(row => chosen.Count == 0 || chosen.Contains(row.Name)))
{
    var table = await measure(plan);
    Console.WriteLine(table + "\n");
    Report.Write(row, table);
}

return 0;
