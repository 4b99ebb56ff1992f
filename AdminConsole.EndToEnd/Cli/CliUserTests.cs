using System.Text.Json;

namespace AdminConsole.EndToEnd.Cli;

/// <summary>Users on the command line.</summary>
public sealed class CliUserTests(SqliteApp app) : AdminShellTests(app)
{
    private async Task<JsonElement> ShownAsync(string user) => (await AdminShell.RunAsync("users", "show", user, "--json")).Is(0).Json;

    [Fact]
    public async Task A_user_is_created_and_found_by_address_user_name_and_id()
    {
        var (email, name) = (TestData.Email(), TestData.Name("nick"));

        var made = (
            await AdminShell.RunAsync(
                "users",
                "create",
                email,
                "--user-name",
                name,
                "--display-name",
                "Ünï",
                "--role",
                "User",
                "--role",
                "Operator",
                "--json"
            )
        )
            .Is(0)
            .Json;

        var id = made.GetProperty("id").GetString()!;
        foreach (var called in new[] { email, email.ToUpperInvariant(), name, id })
        {
            Assert.Equal(
                (id, "Ünï"),
                (
                    (await ShownAsync(called)).GetProperty("id").GetString(),
                    (await ShownAsync(called)).GetProperty("displayName").GetString()
                )
            );
        }

        Assert.Equal(
            ["Operator", "User"],
            made.GetProperty("roles").EnumerateArray().Select(role => role.GetString()!).Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public async Task An_id_names_its_user_unless_it_is_another_users_name()
    {
        var (user, other) = (await App.CreateUserAsync(), await App.CreateUserAsync());
        Assert.Equal(user.Id.ToString(), (await ShownAsync(user.Id.ToString("N"))).GetProperty("id").GetString());

        await App.Database.ExecuteAsync(
            $"""
            UPDATE "Users" SET "UserName" = '{user.Id}', "NormalizedUserName" = '{user.Id.ToString().ToUpperInvariant()}'
            WHERE "Email" = '{other.Email}'
            """
        );

        (await AdminShell.RunAsync("users", "show", user.Id.ToString())).Refuses(1, "is the username of one user");
        (await AdminShell.RunAsync("users", "deactivate", user.Id.ToString())).Refuses(1, "Name the user by email");
        Assert.Equal(other.Id.ToString(), (await ShownAsync(other.Email!)).GetProperty("id").GetString());
    }

    [Theory]
    [InlineData("tr_TR.UTF-8")]
    [InlineData("ar_SA.UTF-8")]
    public async Task Output_does_not_depend_on_the_language_and_has_no_control_sequences(string language)
    {
        var user = await App.CreateUserAsync();
        var plain = await AdminShell.RunAsync("users", "show", user.Email!);
        await App.Database.ExecuteAsync(
            $"""UPDATE "Users" SET "DisplayName" = '{"Ann\u001b[31m\u202e\u200b\u009b2Jred"}' WHERE "Email" = '{user.Email}'"""
        );
        AdminShell.Environment["LC_ALL"] = language;

        var shown = (await AdminShell.RunAsync("users", "show", user.Email!.ToUpperInvariant())).Is(0);

        Assert.Equal(
            plain.Output.Replace(user.DisplayName, "Ann\ufffd[31m\ufffd\ufffd\ufffd2Jred", StringComparison.Ordinal).Split('\n')[^3..],
            shown.Output.Split('\n')[^3..]
        );
        Assert.Contains("Ann\ufffd[31m\ufffd\ufffd\ufffd2Jred", shown.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(shown.Output, character => char.IsControl(character) && character is not ('\n' or '\t'));
        AdminShell.Environment.Remove("LC_ALL");
    }

    [Fact]
    public async Task A_part_of_a_name_matches_no_user()
    {
        var user = await App.CreateUserAsync();

        var outcome = await AdminShell.RunAsync("users", "show", user.Email![..^4]);

        outcome.Refuses(1, "There is no user");
    }

    [Fact]
    public async Task Roles_are_assigned_removed_and_replaced()
    {
        var user = await App.CreateUserAsync();

        (await AdminShell.RunAsync("users", "add-role", user.Email!, "Operator")).Is(0);
        (await AdminShell.RunAsync("users", "remove-role", user.Email!, "User")).Is(0);
        Assert.Equal(["Operator"], (await ShownAsync(user.Email!)).GetProperty("roles").EnumerateArray().Select(role => role.GetString()!));
        (await AdminShell.RunAsync("users", "set-role", user.Email!, "User", "Admin")).Is(0);

        Assert.Equal(
            ["Admin", "User"],
            (await ShownAsync(user.Email!))
                .GetProperty("roles")
                .EnumerateArray()
                .Select(role => role.GetString()!)
                .Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public async Task A_user_is_deactivated_with_a_reason_and_an_end_and_activated_again()
    {
        var user = await App.CreateUserAsync();

        (await AdminShell.RunAsync("users", "deactivate", user.Email!, "--reason", "On leave", "--until", "9999d")).Is(0);
        var away = await ShownAsync(user.Email!);
        (await AdminShell.RunAsync("users", "activate", user.Email!)).Is(0);

        Assert.Equal(
            (false, "On leave", JsonValueKind.String),
            (
                away.GetProperty("active").GetBoolean(),
                away.GetProperty("deactivatedReason").GetString(),
                away.GetProperty("deactivatedUntil").ValueKind
            )
        );
        Assert.True((await ShownAsync(user.Email!)).GetProperty("active").GetBoolean());
        (await AdminShell.RunAsync("users", "unlock", user.Email!)).Is(0);
    }

    [Fact]
    public async Task An_irreversible_command_needs_confirmation()
    {
        var user = await App.CreateUserAsync();

        (await AdminShell.RunAsync("users", "delete", user.Email!)).Refuses(2, "--yes");
        (await AdminShell.RunAsync("users", "lockdown", user.Email!)).Refuses(2, "--yes");
        (await AdminShell.RunAsync("users", "lockdown", user.Email!, "--yes", "--reason", "Leaked")).Is(0);
        Assert.Equal("""{"ok":true}""", (await AdminShell.RunAsync("users", "delete", user.Email!, "--yes", "--json")).Is(0).Output.Trim());

        (await AdminShell.RunAsync("users", "show", user.Id.ToString())).Refuses(1, "No such user");
    }

    [Fact]
    public async Task A_refusal_of_the_server_is_printed_with_its_code()
    {
        var outcome = (await AdminShell.RunAsync("users", "deactivate", TestData.AdminEmail, "--json")).Is(1);

        Assert.Empty(outcome.Output);
        Assert.Contains(
            JsonDocument.Parse(outcome.Errors).RootElement.GetProperty("code").GetString(),
            new[] { "self_forbidden", "last_admin" }
        );
    }

    [Fact]
    public async Task Standard_output_has_only_the_link_and_a_password_is_read_from_standard_input()
    {
        var user = await App.CreateUserAsync();

        var invitation = (await AdminShell.RunAsync("users", "invitation-link", user.Email!, "--raw")).Is(0);
        var link = (await AdminShell.RunAsync("users", "reset-password", user.Email!, "--raw")).Is(0);
        (await AdminShell.RunAsync(TestData.NewPassword + "\n", ["users", "set-password", user.Email!])).Is(0);

        Assert.StartsWith(App.Root + "invitation?", Assert.Single(invitation.Lines), StringComparison.Ordinal);
        Assert.StartsWith(App.Root + "reset-password?", Assert.Single(link.Lines), StringComparison.Ordinal);
        Assert.Empty(link.Errors);
        using var person = await App.SignInAsync(user.Email!, TestData.NewPassword);
    }

    [Fact]
    public async Task A_list_is_tab_separated_in_a_pipe_and_spans_pages()
    {
        var role = await App.CreateRoleAsync();
        foreach (var _ in Enumerable.Range(0, 3))
        {
            await App.CreateUserAsync(roles: role);
        }

        var page = (await AdminShell.RunAsync("users", "list", "--role", role, "--limit", "2", "--sort", "-email", "--json")).Is(0).Json;
        var rows = (await AdminShell.RunAsync("users", "list", "--role", role)).Is(0).Lines;

        Assert.Equal(
            (2, 3, JsonValueKind.String),
            (page.GetProperty("items").GetArrayLength(), page.GetProperty("total").GetInt32(), page.GetProperty("next").ValueKind)
        );
        Assert.Equal(3, rows.Length);
        Assert.All(rows, row => Assert.Equal(6, row.Split('\t').Length));
    }

    [Fact]
    public async Task Untrusted_text_cannot_control_the_terminal()
    {
        var user = await App.CreateUserAsync();
        (await Admin.PostAsync($"/api/users/{user.Id}/deactivate", new { reason = "red" })).Is(200);
        // A reason stored before such characters were refused.
        await App.Database.ExecuteAsync(
            $"""
            UPDATE "Users"
            SET "DeactivatedReason" =
                'red' || char(155) || '31m '
                || char(8238) || 'gnp'
            WHERE "Email" = '{user.Email}'
            """
        );

        var outcome = (await AdminShell.RunAsync("users", "show", user.Email!)).Is(0);

        Assert.Contains("red", outcome.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(outcome.Output, character => character is '\u009b' or '\u202E' or '\e');
    }

    [Fact]
    public async Task A_file_is_checked_first_and_imported_completely_or_not_at_all()
    {
        var (one, two) = (TestData.Email(), TestData.Email());
        await File.WriteAllTextAsync(Path.Combine(AdminShell.Home, "good.csv"), $"email,roles\n{one},User\n");
        await File.WriteAllTextAsync(Path.Combine(AdminShell.Home, "bad.csv"), $"email,roles\n{two},User\nnobody,Nonesuch\n");

        var bad = (await AdminShell.RunAsync("users", "import", "bad.csv", "--yes")).Is(1);
        (await AdminShell.RunAsync("users", "import", "good.csv")).Refuses(2, "--yes");
        Assert.Equal(
            1,
            (await AdminShell.RunAsync("users", "import", "good.csv", "--dry-run", "--json")).Is(0).Json.GetProperty("created").GetInt32()
        );
        (await AdminShell.RunAsync("users", "show", one)).Is(1);
        (await AdminShell.RunAsync("users", "import", "good.csv", "--yes")).Is(0);

        Assert.All(bad.Lines, line => Assert.StartsWith("3\t", line, StringComparison.Ordinal));
        (await AdminShell.RunAsync("users", "show", two)).Is(1);
        Assert.True((await AdminShell.RunAsync("users", "export", "--search", one, "--output", "out.csv")).Is(0).Output.Length == 0);
        Assert.Contains(one, await File.ReadAllTextAsync(Path.Combine(AdminShell.Home, "out.csv")), StringComparison.Ordinal);
    }
}
