using System.Diagnostics;
using AdminConsole.Core.Common;
using AdminConsole.Core.Data.Sqlite;
using Microsoft.Data.Sqlite;

namespace AdminConsole.Benchmarks.Rows;

/// <summary>Measures creating, renaming, deactivating and deleting a user, beside four bare transactions that write as
/// much to the same disk.</summary>
internal static class Changes
{
    private const int Clients = 8;

    private static readonly TimeSpan Round = TimeSpan.FromSeconds(5);

    public static async Task<string> MeasureAsync(Plan plan)
    {
        using var folder = new TemporaryFolder();
        await using var console = await Child.ConsoleAsync(folder.Path);
        using var administrator = await Administrator.SetUpAsync(console);
        using var http = await administrator.WithTokenAsync("users.read", "users.write");
        await using var bare = Bare(Path.Combine(folder.Path, "bare.db"));
        var (cycles, inserts) = (new List<double>(), new List<double>());
        for (var round = 0; round <= plan.Rounds; round++)
        {
            inserts.Add(await CountAsync(1, _ => FourTransactionsAsync(bare)));
            cycles.Add(await CountAsync(Clients, name => CycleAsync(http, name)));
        }

        // The first round warms up the just-in-time compiler.
        cycles.RemoveAt(0);
        inserts.RemoveAt(0);
        var ratios = cycles.Zip(inserts, (cycle, four) => cycle / four).ToList();
        var cyclesPerSecond = $"**{cycles.Median():N0}** ({cycles.Min():N0}–{cycles.Max():N0})";
        var ratio = $"**{ratios.Median():0.00}** ({ratios.Min():0.00}–{ratios.Max():0.00})";
        var work = "create, rename, deactivate, delete a user; SQLite, full sync";
        return $"""
            | work | cycles/s: median (lowest–highest) | target | four bare transactions | ratio (lowest–highest) | target |
            |---|---|---|---|---|---|
            | {work} | {cyclesPerSecond} | ≥ 300 | {inserts.Median():N0} | {ratio} | ≥ 0.5 |

            {Clients} concurrent clients, {plan.Rounds} rounds of {Round.TotalSeconds:0} s, each paired with a round of
            bare transactions: one thread, prepared statements, the same disk and settings. Each of them writes
            a user and inserts 400 bytes into a log.
            {Report.Machine}
            """;
    }

    private static async Task<double> CountAsync(int atOnce, Func<string, Task> cycleAsync)
    {
        var (began, count) = (Stopwatch.StartNew(), 0);
        await Task.WhenAll(
            Enumerable
                .Range(0, atOnce)
                .Select(_ =>
                    Task.Run(async () =>
                    {
                        while (began.Elapsed < Round)
                        {
                            await cycleAsync(Guid.CreateVersion7().ToString("N"));
                            Interlocked.Increment(ref count);
                        }
                    })
                )
        );
        return count / began.Elapsed.TotalSeconds;
    }

    private static async Task CycleAsync(HttpClient http, string name)
    {
        var user = await http.SendAsync(HttpMethod.Post, "/api/users", new { email = $"{name}@example.com", displayName = name });
        var url = $"/api/users/{user.GetProperty("id").GetString()}";
        await http.SendAsync(HttpMethod.Patch, url, new { displayName = "Renamed" });
        await http.SendAsync(HttpMethod.Post, url + "/deactivate", new { reason = "left" });
        await http.SendAsync(HttpMethod.Delete, url);
    }

    private static SqliteConnection Bare(string file)
    {
        // Loads the native SQLite library.
        GC.KeepAlive(typeof(SqliteAppDbContext).TypeHandle);
        var connection = new SqliteConnection(new DatabaseOptions(DatabaseProvider.Sqlite, $"Data Source={file}").ConnectionString);
        connection.Open();
        Run(
            connection,
            """
            PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;
            CREATE TABLE "Users" (
                "Id" TEXT NOT NULL PRIMARY KEY, "Email" TEXT NOT NULL UNIQUE, "Name" TEXT NOT NULL, "Active" INTEGER NOT NULL);
            CREATE TABLE "Events" ("Id" INTEGER PRIMARY KEY, "UserId" TEXT NOT NULL, "Text" TEXT NOT NULL);
            CREATE INDEX "EventsOfUser" ON "Events" ("UserId");
            """
        );
        return connection;
    }

    private static Task FourTransactionsAsync(SqliteConnection connection)
    {
        var id = Guid.CreateVersion7().ToString();
        foreach (
            var write in (string[])
                [
                    """INSERT INTO "Users" VALUES ($id, $id || '@example.com', $id, 1)""",
                    """UPDATE "Users" SET "Name" = 'Renamed' WHERE "Id" = $id""",
                    """UPDATE "Users" SET "Active" = 0 WHERE "Id" = $id""",
                    """DELETE FROM "Users" WHERE "Id" = $id""",
                ]
        )
        {
            Run(connection, "BEGIN IMMEDIATE");
            Run(connection, write, ("$id", id));
            Run(
                connection,
                """INSERT INTO "Events" ("UserId", "Text") VALUES ($id, $text)""",
                ("$id", id),
                ("$text", new string('x', 400))
            );
            Run(connection, "COMMIT");
        }

        return Task.CompletedTask;
    }

    private static void Run(SqliteConnection connection, string sql, params (string Name, object Value)[] parameters)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in parameters)
        {
            command.Parameters.AddWithValue(name, value);
        }

        command.ExecuteNonQuery();
    }
}
