using System.Text.Json;

namespace AdminConsole.EndToEnd.Cli;

/// <summary>The audit log on the command line.</summary>
public sealed class CliAuditTests(SqliteApp app) : AdminShellTests(app)
{
    [Fact]
    public async Task Events_are_listed_filtered_and_verified()
    {
        var user = await App.CreateUserAsync();

        var listed = (
            await AdminShell.RunAsync("audit", "list", "--action", "user.created", "--target", user.Id.ToString(), "--from", "1d", "--json")
        )
            .Is(0)
            .Json;

        Assert.Equal("user.created", Assert.Single(listed.GetProperty("items").EnumerateArray()).GetProperty("action").GetString());
        Assert.Contains(
            user.Email!,
            (await AdminShell.RunAsync("audit", "list", "--target", user.Email!)).Is(0).Output,
            StringComparison.Ordinal
        );
        Assert.StartsWith(
            "valid: ",
            (await AdminShell.RunAsync("audit", "verify")).Is(0).Lines.FirstOrDefault() ?? "",
            StringComparison.Ordinal
        );
        Assert.True((await AdminShell.RunAsync("audit", "verify", "--json")).Is(0).Json.GetProperty("valid").GetBoolean());
    }

    [Fact]
    public async Task The_log_is_exported_to_standard_output_and_to_a_file()
    {
        var user = await App.CreateUserAsync();

        var lines = (await AdminShell.RunAsync("audit", "export", "--target", user.Id.ToString())).Is(0).Lines;
        (await AdminShell.RunAsync("audit", "export", "--format", "csv", "--target", user.Id.ToString(), "-o", "log.csv")).Is(0);

        Assert.Equal(user.Id, JsonDocument.Parse(lines[0]).RootElement.GetProperty("target").GetProperty("id").GetGuid());
        Assert.StartsWith("id,at,action", await File.ReadAllTextAsync(Path.Combine(AdminShell.Home, "log.csv")), StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(AdminShell.Home, "log.csv.part")));
        (await AdminShell.RunAsync("audit", "export", "--format", "xml")).Is(2);
    }

    [Fact]
    public async Task A_command_stops_when_its_output_is_closed()
    {
        using var piped = AdminShell.Start("bash", "-c", $"'{Shell.Program}' audit tail --json --since-id 0 | head -1");
        var first = await piped.StandardOutput.ReadLineAsync();

        // The command notices the closed pipe when it writes the next event.
        await AdminApp.UntilAsync(
            async () =>
            {
                await App.CreateUserAsync();
                return piped.HasExited;
            },
            "the command has ended"
        );

        Assert.Equal(1, JsonDocument.Parse(first!).RootElement.GetProperty("id").GetInt64());
    }

    [Fact]
    public async Task Following_resumes_after_a_lost_connection()
    {
        await using var proxy = new FakeServer(App.Root);
        AdminShell.Environment["ADMINCONSOLE_SERVER"] = proxy.Address.ToString();
        var code = (await Admin.PostAsync("/api/auth/cli-code")).Is(200).As<Core.Contracts.CliCode>();
        (await AdminShell.RunAsync("login", "--code", code.Code)).Is(0);
        var names = Enumerable.Range(0, 3).Select(_ => TestData.Email()).ToArray();

        using var tail = AdminShell.Start(Shell.Program, "audit", "tail", "--json", "--action", "user.created", "--count", "4");
        // The newest event is printed first; afterwards the command follows the log.
        await App.CreateUserAsync();
        Assert.NotNull(await tail.StandardOutput.ReadLineAsync());
        await App.CreateUserAsync(names[0]);
        var seen = new List<string> { await NextAsync(tail.StandardOutput, names[0]) };
        proxy.CutAll();
        await App.CreateUserAsync(names[1]);
        seen.Add(await NextAsync(tail.StandardOutput, names[1]));
        await App.CreateUserAsync(names[2]);
        seen.Add(await NextAsync(tail.StandardOutput, names[2]));

        tail.Kill();
        Assert.Equal(names, seen);
    }

    // The event about this user must be the next one about any test user: none missing, none repeated.
    private static async Task<string> NextAsync(StreamReader output, string expected)
    {
        while (true)
        {
            var line =
                await output.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(60))
                ?? throw new InvalidOperationException($"The output ended before {expected}.");
            var name = JsonDocument.Parse(line).RootElement.GetProperty("target").GetProperty("name").GetString()!;
            if (name.StartsWith("user-", StringComparison.Ordinal))
            {
                return name == expected ? name : throw new InvalidOperationException($"Received {name} instead of {expected}.");
            }
        }
    }
}
