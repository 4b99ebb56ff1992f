using System.Text.Json;
using AdminConsole.Core.Common;
using AdminConsole.Startup;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.EndToEnd.Audit;

public sealed class ForwardingTests
{
    private static HashSet<long> Ids(string file)
    {
        var ids = new HashSet<long>();
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var reader = new StreamReader(stream);
        foreach (var line in reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            try
            {
                ids.Add(JsonSerializer.Deserialize<JsonElement>(line).GetProperty("id").GetInt64());
            }
            catch (JsonException)
            {
                // A line truncated by kill -9; the event is forwarded again.
            }
        }

        return ids;
    }

    [Theory, OnBoth]
    public async Task Killed_again_and_again_every_event_arrives_at_least_once(DatabaseProvider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var file = Path.Combine(database.Folder, "audit.ndjson");
        (string, string)[] settings =
        [
            ("Database:Provider", $"{provider}"),
            ("ConnectionStrings:Console", database.ConnectionString),
            ("Audit:Forward", file),
        ];
        for (var run = 0; run < 3; run++)
        {
            using var server = ServerProcess.Start(database.Folder, settings);
            using var admin = new ApiClient(await server.ListeningAsync());
            (
                await (
                    run == 0
                        ? admin.PostAsync("/api/auth/setup", new { email = TestData.AdminEmail, password = TestData.Password })
                        : admin.PostAsync("/api/auth/login", new { login = TestData.AdminEmail, password = TestData.Password })
                )
            ).Is(200);
            var before = Ids(file).Count;
            await Task.WhenAll(
                Enumerable
                    .Range(0, 40)
                    .Select(async _ => (await admin.PostAsync("/api/users", new { email = TestData.Email("forward") })).Is(201))
            );
            await AdminApp.UntilAsync(() => Task.FromResult(Ids(file).Count > before), "something is forwarded");
            server.Kill();
        }

        await using var app = await AdminApp.StartAsync(provider, database, settings: [("Audit:Forward", file)]);
        var all = await app.ReadAsync(db => db.AuditEvents.Select(entry => entry.Id).ToListAsync());

        await AdminApp.UntilAsync(() => Task.FromResult(Ids(file).IsSupersetOf(all)), "every event is in the file");
    }

    [Fact]
    public async Task Without_write_access_changes_continue_and_no_event_is_lost()
    {
        await using var database = await TestDatabase.CreateAsync(DatabaseProvider.Sqlite);
        var folder = Directory.CreateDirectory(Path.Combine(database.Folder, "out"));
        var file = Path.Combine(folder.FullName, "audit.ndjson");
        await using var app = await AdminApp.StartAsync(DatabaseProvider.Sqlite, database, settings: [("Audit:Forward", file)]);
        folder.Delete(recursive: true);

        await app.CreateUserAsync();
        await app.CreateUserAsync();

        await AdminApp.UntilAsync(
            () => Task.FromResult(app.Log.Lines.Any(line => line.Contains("could not be forwarded", StringComparison.Ordinal))),
            "the trouble is logged"
        );
        folder.Create();
        await AdminApp.UntilAsync(() => Task.FromResult(File.Exists(file) && Ids(file).SetEquals([1, 2])), "both events arrive");
    }

    [Fact]
    public void An_unwritable_file_stops_the_program_with_a_message()
    {
        var wrong = Assert.Throws<SettingsException>(() =>
            ForwardTargets.Read(
                new ConfigurationBuilder().AddInMemoryCollection([new("Audit:Forward", "/nowhere/at/all/audit.ndjson")]).Build(),
                "/"
            )
        );

        Assert.StartsWith("Audit:Forward must be stdout or a file that can be written to", wrong.Message, StringComparison.Ordinal);
    }
}
