using System.Diagnostics.Metrics;
using AdminConsole.Core.Common;

namespace AdminConsole.Tests.System;

public sealed class MetricsTests
{
    [Fact]
    public void Operations_md_lists_every_instrument_with_its_unit_and_no_other()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "AdminConsole.sln")))
        {
            folder = folder.Parent!;
        }

        var found = new List<string>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, _) =>
                found.AddRange(
                    instrument.Meter.Name == ConsoleMetrics.Name ? [$"| `{instrument.Name}` | {instrument.Unit!.Trim('{', '}')} |"] : []
                ),
        };
        listener.Start();
        _ = ConsoleMetrics.OpenPages;

        var lines = File.ReadLines(Path.Combine(folder.FullName, "docs", "operations.md"))
            .Where(line => line.StartsWith("| `adminconsole.", StringComparison.Ordinal));
        Assert.Equal(
            found.Order(StringComparer.Ordinal),
            lines.Select(line => string.Join('|', line.Split('|')[..3]) + "|").Order(StringComparer.Ordinal)
        );
    }
}
