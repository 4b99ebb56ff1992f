using System.Runtime.Versioning;
using System.Security.Cryptography;

namespace AdminConsole.EndToEnd.Cli;

/// <summary>Downloads and installation of the command line.</summary>
[SupportedOSPlatform("linux")]
public sealed class InstallTests(SqliteApp app) : IClassFixture<SqliteApp>
{
    private string Line => $"curl -fsSL '{app.Root}cli/install.sh' | sh";

    [Fact]
    public async Task One_line_installs_it_with_the_server_configured()
    {
        using var admin = await app.SignInAdminAsync();
        using var shell = new Shell(server: null);

        var outcome = (await shell.RunOtherAsync("sh", "-c", Line)).Is(0);

        var installed = Path.Combine(shell.Home, ".local/bin/adminctl");
        Assert.Contains("adminctl login", outcome.Errors, StringComparison.Ordinal);
        Assert.Equal(["adminctl"], Directory.EnumerateFileSystemEntries(Path.GetDirectoryName(installed)!).Select(Path.GetFileName));
        Assert.Equal(app.Root.ToString(), (await File.ReadAllTextAsync(Path.Combine(shell.ConfigFolder, "server"))).Trim());
        var code = (await admin.PostAsync("/api/auth/cli-code")).Is(200).As<Core.Contracts.CliCode>();
        (await shell.RunOtherAsync(installed, "login", "--code", code.Code)).Is(0);
        Assert.Contains(TestData.AdminEmail, (await shell.RunOtherAsync(installed, "whoami")).Is(0).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_script_works_with_wget_and_over_an_existing_installation()
    {
        using var shell = new Shell(server: null);
        var tools = Directory.CreateDirectory(Path.Combine(shell.Home, "tools"));
        foreach (var tool in new[] { "sh", "uname", "tr", "ls", "mkdir", "mktemp", "rm", "wget", "sha256sum", "cut", "chmod", "mv" })
        {
            var found = (await shell.RunOtherAsync("sh", "-c", $"command -v {tool}")).Is(0).Output.Trim();
            File.CreateSymbolicLink(Path.Combine(tools.FullName, tool), found);
        }

        using var caller = app.Anonymous();
        await File.WriteAllTextAsync(Path.Combine(shell.Home, "install.sh"), (await caller.GetAsync("/cli/install.sh")).Is(200).Text);
        shell.Environment["PATH"] = tools.FullName;
        (await shell.RunOtherAsync("/bin/sh", "install.sh")).Is(0);
        var outcome = (await shell.RunOtherAsync("/bin/sh", "install.sh")).Is(0);

        Assert.Contains("PATH", outcome.Errors, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(shell.Home, ".local/bin/adminctl")));
    }

    [Fact]
    public async Task A_truncated_script_does_nothing()
    {
        using var caller = app.Anonymous();
        var script = (await caller.GetAsync("/cli/install.sh")).Is(200).Text;
        using var shell = new Shell(server: null);
        var whole = script.TrimEnd().Length;

        // Cuts after every line, and at every character of the last line.
        var cuts = Enumerable
            .Range(1, script.Length - 1)
            .Where(at => script[at] == '\n' && at < whole)
            .Concat(Enumerable.Range(script.LastIndexOf('}') + 2, "adminctl_install".Length - 1));
        var program = string.Join(
            '\n',
            cuts.Select(
                (at, number) =>
                {
                    File.WriteAllText(Path.Combine(shell.Home, $"{number}.sh"), script[..at]);
                    return $"sh {number}.sh >/dev/null 2>&1";
                }
            )
        );
        await shell.RunOtherAsync("sh", "-c", program);

        Assert.All(Directory.EnumerateFileSystemEntries(shell.Home), entry => Assert.EndsWith(".sh", entry, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_download_with_another_checksum_is_not_installed()
    {
        using var caller = app.Anonymous();
        var script = (await caller.GetAsync("/cli/install.sh")).Is(200).Text;
        using var shell = new Shell(server: null);
        await File.WriteAllTextAsync(
            Path.Combine(shell.Home, "install.sh"),
            script.Replace("linux-x64) sum=", "linux-x64) sum=0", StringComparison.Ordinal)
        );

        (await shell.RunOtherAsync("sh", "install.sh")).Refuses(1, "Nothing is installed");

        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(shell.Home, ".local/bin")));
        Assert.False(Directory.Exists(shell.ConfigFolder));
    }

    [Theory]
    [InlineData("http://127.0.0.1:1/it's/$(touch hit)/`touch hit`/\";touch hit;\"")]
    [InlineData("http://127.0.0.1:1/';touch${IFS}hit;'")]
    [InlineData("http://127.0.0.1:1/@BUILDS@/@PACKAGE_SUM@")]
    public async Task A_hostile_address_is_escaped(string address)
    {
        await using var own = await AdminApp.StartAsync(AdminConsole.Core.Common.DatabaseProvider.Sqlite, settings: ("PublicUrl", address));
        using var caller = own.Anonymous();
        using var shell = new Shell(server: null);
        await File.WriteAllTextAsync(
            Path.Combine(shell.Home, "install.sh"),
            (await caller.GetAsync($"{new Uri(address).AbsolutePath}/cli/install.sh")).Is(200).Text
        );

        (await shell.RunOtherAsync("sh", "-n", "install.sh")).Is(0);
        var outcome = (await shell.RunOtherAsync("sh", "install.sh")).Is(1);

        Assert.Contains(
            $"Could not download {new Uri(address).AbsoluteUri.TrimEnd('/')}/cli/download",
            outcome.Errors,
            StringComparison.Ordinal
        );
        Assert.False(File.Exists(Path.Combine(shell.Home, "hit")));
    }

    [Fact]
    public async Task A_platform_without_a_build_gets_the_tool_package_or_an_error()
    {
        using var shell = new Shell(server: null);
        var fake = Directory.CreateDirectory(Path.Combine(shell.Home, "fake"));
        var uname = Path.Combine(fake.FullName, "uname");
        await File.WriteAllTextAsync(uname, "#!/bin/sh\n[ \"$1\" = -m ] && echo riscv64 || echo Linux\n");
        File.SetUnixFileMode(uname, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        shell.Environment["PATH"] = $"{fake.FullName}:/usr/bin:/bin";

        // Where dotnet is installed, the script installs the tool package instead.
        var hasDotnet = (await shell.RunOtherAsync("sh", "-c", "command -v dotnet")).ExitCode == 0;
        var outcome = await shell.RunOtherAsync("sh", "-c", Line);

        Assert.True(
            hasDotnet ? outcome.ExitCode == 0 : outcome.Errors.Contains("no build for linux-riscv64", StringComparison.Ordinal),
            outcome.Errors
        );
    }

    [Fact]
    public async Task The_tool_package_runs_as_a_dotnet_tool()
    {
        using var shell = new Shell(server: null);
        using var http = new HttpClient { BaseAddress = app.Root };
        using var answer = await http.GetAsync("/cli/download?os=any&arch=any");
        var name = answer.Content.Headers.ContentDisposition!.FileName!.Trim('"');
        await File.WriteAllBytesAsync(Path.Combine(shell.Home, name), await answer.Content.ReadAsByteArrayAsync());

        (await shell.RunOtherAsync("dotnet", "tool", "install", "--tool-path", "bin", "--source", shell.Home, "AdminConsole.Cli")).Is(0);

        Assert.StartsWith(
            "adminctl ",
            (await shell.RunOtherAsync(Path.Combine(shell.Home, "bin/adminctl"), "--version")).Is(0).Output,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("?os=linux&arch=x64")]
    [InlineData("?os=Linux&arch=x86_64")]
    [InlineData("")]
    public async Task The_binary_has_a_checksum_and_an_entity_tag(string query)
    {
        using var http = new HttpClient { BaseAddress = app.Root };

        using var answer = await http.GetAsync($"/cli/download{query}");

        var sum = Convert.ToHexStringLower(SHA256.HashData(await answer.Content.ReadAsByteArrayAsync()));
        Assert.Equal(sum, Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(Shell.Program))));
        Assert.Equal(
            (sum, $"\"{sum}\"", "adminctl-linux-x64"),
            (
                Assert.Single(answer.Headers.GetValues("X-Checksum-Sha256")),
                answer.Headers.ETag!.Tag,
                answer.Content.Headers.ContentDisposition!.FileName
            )
        );
        using var again = new HttpRequestMessage(HttpMethod.Get, $"/cli/download{query}")
        {
            Headers = { { "If-None-Match", $"\"{sum}\"" } },
        };
        using var same = await http.SendAsync(again);
        Assert.Equal(304, (int)same.StatusCode);
    }

    [Theory]
    [InlineData("?os=plan9&arch=x64")]
    [InlineData("?os=linux&arch=../../console.db")]
    [InlineData("?os=%00&arch=%FF")]
    public async Task A_missing_build_is_reported_with_the_available_ones(string query)
    {
        using var caller = app.Anonymous();

        var answer = await caller.GetAsync($"/cli/download{query}");

        if (answer.Status != 400)
        {
            Assert.Contains(
                "os=linux&arch=x64",
                answer.Refuses(404, "artifact_missing").Json.GetProperty("detail").GetString(),
                StringComparison.Ordinal
            );
        }
    }

    [Fact]
    public async Task A_build_added_by_the_operator_is_available_immediately()
    {
        var folder = Directory.CreateDirectory(Path.Combine(app.Database.Folder, "cli"));
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "adminctl-linux-arm64"), "not really");
        using var caller = app.Anonymous();

        Assert.Equal("not really", (await caller.GetAsync("/cli/download?os=linux&arch=aarch64")).Is(200).Text);

        Assert.Contains("linux-arm64) sum=", (await caller.GetAsync("/cli/install.sh")).Is(200).Text, StringComparison.Ordinal);
    }
}
