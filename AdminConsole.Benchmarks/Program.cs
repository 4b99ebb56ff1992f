using AdminConsole.Benchmarks;

// Measures the server beside yardsticks, in the same run: bash scripts/bench.sh
// As "yardstick NAME URL DATABASE TOKEN" it is one of those yardsticks.
if (args is ["yardstick", var name, var url, var database, var token])
{
    await Yardsticks.RunAsync(name, url, database, token);
    return;
}

var rounds = args.Length > 0 ? int.Parse(args[0], System.Globalization.CultureInfo.InvariantCulture) : 5;
await using var bench = await Bench.StartAsync();
var table = await bench.MeasureAsync(rounds);
Console.WriteLine(table);
Report.Write(table);
