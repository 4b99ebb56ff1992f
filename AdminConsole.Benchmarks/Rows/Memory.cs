using AdminConsole.Benchmarks.Circuits;

namespace AdminConsole.Benchmarks.Rows;

/// <summary>Measures the server memory of an open Users page, beside an empty page.</summary>
internal static class Memory
{
    private const double Kilobyte = 1024;

    // Pages opened and closed first, so that one-time allocations do not count.
    private const int WarmUp = 20;

    public static async Task<string> MeasureAsync(Plan plan)
    {
        using var folder = new TemporaryFolder();
        Cost users,
            bare;
        await using (var console = await Child.ConsoleAsync(folder.Path))
        {
            using var administrator = await Administrator.SetUpAsync(console);
            users = await OfAsync(console, await Administrator.SignInAsync(console.Url, 50), "/users", Administrator.First, plan.Pages);
        }

        await using (var yardstick = await Child.YardstickAsync(folder.Path, "circuit"))
        {
            using var anonymous = new Browser(yardstick.Url);
            bare = await OfAsync(yardstick, [anonymous], "/", Circuit.Nothing, plan.Pages);
        }

        return $"""
            | per page, with {plan.Pages:N0} open | live heap | resident memory | sent to open it | processor time to open it |
            |---|---|---|---|---|
            | Users, 25 rows | {users.Heap:N0} KB | {users.Resident:N0} KB | {users.Sent:N0} KB | {users.Cpu:N1} ms |
            | a Blazor page with one button | {bare.Heap:N0} KB | {bare.Resident:N0} KB | {bare.Sent:N0} KB | {bare.Cpu:N1} ms |
            | **difference** (target ≤ 350 KB) | **{users.Heap - bare.Heap:N0} KB** | **{users.Resident
                - bare.Resident:N0} KB** | | |

            Both are measured after full garbage collections, with and without the pages.
            {Report.Machine}
            """;
    }

    private static async Task<Cost> OfAsync(Child server, IReadOnlyList<Browser> browsers, string path, string text, int pages)
    {
        await (await OpenPages.OpenAsync(browsers, path, text, WarmUp)).DisposeAsync();
        var (heap, resident, cpu) = (await server.HeapAsync(), server.Resident, server.Cpu);
        await using var crowd = await OpenPages.OpenAsync(browsers, path, text, pages);
        var used = server.Cpu - cpu;
        return new Cost(
            (await server.HeapAsync() - heap) / Kilobyte / pages,
            (server.Resident - resident) / Kilobyte / pages,
            crowd.Circuits.Average(circuit => circuit.Bytes) / Kilobyte,
            used.TotalMilliseconds / pages
        );
    }

    private sealed record Cost(double Heap, double Resident, double Sent, double Cpu);
}
