using System.Runtime.Versioning;
using AdminConsole.Core.Contracts;
using AdminConsole.Tests.Tokens;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.EndToEnd.Cli;

/// <summary>Output to a full disk, a broken pipe, files, links and pipes.</summary>
[SupportedOSPlatform("linux")]
public sealed class CliOutputTests(SqliteApp app) : AdminShellTests(app)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private string Path(string name) => global::System.IO.Path.Combine(AdminShell.Home, name);

    // Appends a shell redirection to the command.
    private Task<Outcome> RunAsync(string redirection, params string[] arguments) =>
        AdminShell.RunOtherAsync("sh", ["-c", $"\"$0\" \"$@\" {redirection}", Shell.Program, .. arguments]);

    [Fact]
    public async Task Every_command_reports_an_unwritable_output_and_exits_with_1()
    {
        var user = await App.CreateUserAsync();
        var token = (await Admin.PostAsync("/api/tokens", new { name = "full" })).Is(201).As<CreatedToken>();
        var session = (await Admin.GetAsync("/api/sessions")).As<Page<SessionSummary>>().Items[0].Id;
        var provider = TestData.Name("provider");
        await File.WriteAllTextAsync(Path("users.csv"), $"email\n{TestData.Email()}\n");
        string[][] commands =
        [
            ["--help"],
            ["users", "--help"],
            ["--version"],
            ["[suggest:0]", ""],
            ["completion", "bash"],
            ["whoami"],
            ["users", "list"],
            ["users", "show", user.Email!],
            ["users", "create", TestData.Email()],
            ["users", "set-role", user.Email!, "User"],
            ["users", "add-role", user.Email!, "Operator"],
            ["users", "remove-role", user.Email!, "Operator"],
            ["users", "activate", user.Email!],
            ["users", "deactivate", user.Email!],
            ["users", "invitation-link", user.Email!],
            ["users", "unlock", user.Email!],
            ["users", "reset-password", user.Email!],
            ["users", "set-password", user.Email!],
            ["users", "lockdown", user.Email!, "--yes"],
            ["users", "import", Path("users.csv"), "--yes"],
            ["users", "export"],
            ["users", "break-glass", user.Email!],
            ["users", "delete", user.Email!, "--yes"],
            ["directory", "add", provider, "--issuer", "https://127.0.0.1:9", "--client-id", "console"],
            ["directory", "list"],
            ["directory", "test", provider],
            ["directory", "remove", provider, "--yes"],
            ["tokens", "create", "--name", "x"],
            ["tokens", "list"],
            ["tokens", "rotate", token.Prefix],
            ["tokens", "revoke", token.Prefix],
            ["sessions", "list"],
            ["sessions", "end", session.ToString()],
            ["audit", "list"],
            ["audit", "tail", "--count", "1", "--since-id", "0"],
            ["audit", "export"],
            ["audit", "verify"],
            ["system"],
            ["login", "--token", (await (await App.SignedInUserAsync()).Caller.CreateTokenAsync()).Token],
            ["logout"],
        ];

        foreach (var command in commands)
        {
            string[] json = command is [['-' or '[', ..], ..] or [.., "--help"] or ["completion", ..] ? [] : ["--json"];
            var outcome = await AdminShell.RunOtherAsync(
                "sh",
                ["-c", $"echo '{TestData.NewPassword}' | \"$0\" \"$@\" >/dev/full", Shell.Program, .. command, .. json]
            );

            Assert.True(
                outcome.ExitCode == 1
                    && outcome.Errors.Contains("No space left on device", StringComparison.Ordinal)
                    && !outcome.Errors.Contains("   at ", StringComparison.Ordinal),
                $"{string.Join(' ', command)}: {outcome.ExitCode} {outcome.Errors}"
            );
        }

        Assert.Empty(
            (await LeavesAsync()).Except(
                commands
                    .Select(command => string.Join(' ', command.TakeWhile((word, at) => at < 2 && char.IsLetter(word[0]))))
                    .SelectMany(path => new[] { path, path.Split(' ')[0] })
            )
        );
    }

    [Fact]
    public async Task A_broken_pipe_is_no_error_but_a_refusal_still_is()
    {
        (await RunAsync("| true; exit ${PIPESTATUS:-0}", "users", "list")).Is(0);
        var outcome = await AdminShell.RunOtherAsync("bash", "-c", $"'{Shell.Program}' users list | true; echo ${{PIPESTATUS[0]}}");
        Assert.Equal("0\n", outcome.Output);

        var refused = await AdminShell.RunOtherAsync("bash", "-c", $"'{Shell.Program}' users show nobody | true; echo ${{PIPESTATUS[0]}}");

        Assert.Equal("1\n", refused.Output);
        Assert.Empty(outcome.Errors);
    }

    [Theory]
    [InlineData("create")]
    [InlineData("rotate")]
    public async Task A_secret_that_could_not_be_printed_is_revoked_again(string operation)
    {
        foreach (var raw in new[] { "--raw", "--json" })
        {
            var name = TestData.Name("lost");
            string[] command =
                operation == "create"
                    ? ["tokens", "create", "--name", name, raw]
                    : ["tokens", "rotate", (await Admin.PostAsync("/api/tokens", new { name })).As<CreatedToken>().Prefix, raw];

            var outcome = (await RunAsync(">/dev/full", command)).Refuses(1, "revoked");

            Assert.Contains("No space left on device", outcome.Errors, StringComparison.Ordinal);
            Assert.DoesNotContain(
                (await Admin.GetAsync("/api/tokens")).As<Page<TokenSummary>>().Items,
                token => token.Name == name && token.State == "active"
            );
        }
    }

    [Fact]
    public async Task A_secret_lost_in_a_closed_pipe_is_revoked_too()
    {
        var outcome = await AdminShell.RunOtherAsync(
            "bash",
            "-c",
            $"'{Shell.Program}' tokens create --name piped --raw > >(exec 0<&-; exit 0); echo $?; sleep 0"
        );

        // Whether the pipe closes before the secret is written depends on the machine; if so, the token must be
        // revoked.
        var token = Assert.Single((await Admin.GetAsync("/api/tokens")).As<Page<TokenSummary>>().Items, token => token.Name == "piped");
        Assert.Equal(outcome.Output.Trim() == "0" ? "active" : "revoked", token.State);
    }

    [Fact]
    public async Task A_token_that_rotated_itself_stays_signed_in_if_its_secret_could_not_be_printed()
    {
        var person = await App.SignedInUserAsync();
        var token = await person.Caller.CreateTokenAsync(Core.Security.Permissions.TokensRotate);
        using var own = new Shell(App.Root);
        (await own.RunAsync(token.Token, ["login", "--token"])).Is(0);

        (await own.RunOtherAsync("sh", "-c", "\"$0\" tokens rotate --raw >/dev/full", Shell.Program)).Refuses(1, "credentials.json");

        (await own.RunAsync("whoami")).Is(0);
    }

    [Theory]
    [InlineData("reset-password")]
    [InlineData("invitation-link")]
    public async Task A_link_that_could_not_be_printed_is_revoked_again(string command)
    {
        var user = await App.CreateUserAsync();

        (await RunAsync(">/dev/full", "users", command, user.Email!, "--raw")).Refuses(1, "The link was revoked.");

        Assert.Equal(0, await App.ReadAsync(db => db.SingleUseLinks.CountAsync(reset => reset.UserId == user.Id)));
    }

    [Fact]
    public async Task A_file_is_private_keeps_its_mode_and_is_replaced_atomically()
    {
        await File.WriteAllTextAsync(Path("old.csv"), "old");
        File.SetUnixFileMode(Path("old.csv"), OwnerOnly | UnixFileMode.GroupRead);
        await File.WriteAllTextAsync(Path("new.csv.part"), "mine");
        Directory.CreateDirectory(Path("real"));
        File.CreateSymbolicLink(Path("folder"), Path("real"));
        await File.WriteAllTextAsync(Path("target.csv"), "old");
        File.CreateSymbolicLink(Path("real/link.csv"), "../target.csv");
        File.CreateSymbolicLink(Path("dangling.csv"), Path("made.csv"));

        foreach (var file in new[] { "old.csv", "new.csv", "folder/link.csv", "dangling.csv" })
        {
            (await AdminShell.RunAsync("users", "export", "-o", Path(file))).Is(0);
            Assert.StartsWith("email,", await File.ReadAllTextAsync(Path(file)), StringComparison.Ordinal);
        }

        Assert.Equal(
            [OwnerOnly | UnixFileMode.GroupRead, OwnerOnly, OwnerOnly],
            new[] { "old.csv", "new.csv", "made.csv" }.Select(file => File.GetUnixFileMode(Path(file)))
        );
        Assert.Equal("mine", await File.ReadAllTextAsync(Path("new.csv.part")));
        Assert.Equal("../target.csv", new FileInfo(Path("real/link.csv")).LinkTarget);
        Assert.StartsWith("email,", await File.ReadAllTextAsync(Path("target.csv")), StringComparison.Ordinal);
        Assert.Equal(Path("made.csv"), new FileInfo(Path("dangling.csv")).LinkTarget);
        Assert.DoesNotContain(
            Directory.EnumerateFileSystemEntries(AdminShell.Home),
            entry => entry.Contains(".adminctl-", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task A_pipe_or_device_is_written_directly()
    {
        (await AdminShell.RunOtherAsync("mkfifo", Path("pipe"))).Is(0);
        var read = AdminShell.RunOtherAsync("sh", "-c", $"cat '{Path("pipe")}'");
        (await AdminShell.RunAsync("users", "export", "-o", Path("pipe"))).Is(0);
        await File.WriteAllTextAsync(Path("log"), "before\n");

        var device = (await AdminShell.RunAsync("users", "export", "-o", "/dev/full")).Is(1);
        (await RunAsync($">>'{Path("log")}'", "users", "export", "-o", "/dev/stdout")).Is(0);
        var substituted = await AdminShell.RunOtherAsync("bash", "-c", $"'{Shell.Program}' users export -o >(head -c 6)");

        Assert.StartsWith("email,", (await read).Output, StringComparison.Ordinal);
        Assert.Contains("No space left on device", device.Errors, StringComparison.Ordinal);
        Assert.StartsWith("before\nemail,", await File.ReadAllTextAsync(Path("log")), StringComparison.Ordinal);
        Assert.StartsWith("email,", substituted.Output, StringComparison.Ordinal);
        Assert.False(File.GetAttributes("/dev/full").HasFlag(FileAttributes.Normal) && new FileInfo("/dev/full").Length > 0);
    }

    [Theory]
    [InlineData("")]
    [InlineData("nowhere/users.csv")]
    [InlineData("loop")]
    public async Task An_unwritable_file_is_reported_and_nothing_is_left_behind(string file)
    {
        File.CreateSymbolicLink(Path("loop"), Path("loop"));
        var before = Directory.GetFileSystemEntries(AdminShell.Home);

        (await AdminShell.RunAsync("users", "export", "-o", global::System.IO.Path.Combine(AdminShell.Home, file))).Is(1);

        Assert.Equal(before.Order(), Directory.GetFileSystemEntries(AdminShell.Home).Order());
    }

    [Fact]
    public async Task The_credentials_file_may_be_a_link_and_is_private_again()
    {
        File.Move(AdminShell.CredentialsFile, Path("kept.json"));
        File.SetUnixFileMode(Path("kept.json"), OwnerOnly | UnixFileMode.OtherRead);
        File.CreateSymbolicLink(AdminShell.CredentialsFile, "../../kept.json");
        var token = await (await App.SignedInUserAsync()).Caller.CreateTokenAsync();

        (await AdminShell.RunAsync(token.Token, ["login", "--token"])).Is(0);

        Assert.Equal("../../kept.json", new FileInfo(AdminShell.CredentialsFile).LinkTarget);
        Assert.Equal(OwnerOnly, File.GetUnixFileMode(Path("kept.json")));
        (await AdminShell.RunAsync("whoami")).Is(0);
    }

    // Returns all executable commands, as completion lists them.
    private async Task<List<string>> LeavesAsync(string path = "")
    {
        var line = path.Length == 0 ? "" : $"{path} ";
        var words = (await AdminShell.RunAsync($"[suggest:{line.Length}]", line))
            .Is(0)
            .Lines.Where(word => char.IsAsciiLetterLower(word[0]) && word is not ("bash" or "zsh" or "fish" or "powershell"))
            .ToList();
        var leaves = new List<string>();
        foreach (var word in path.Contains(' ', StringComparison.Ordinal) ? [] : words)
        {
            leaves.AddRange(await LeavesAsync($"{line}{word}"));
        }

        return leaves.Count == 0 ? [path] : leaves;
    }
}
