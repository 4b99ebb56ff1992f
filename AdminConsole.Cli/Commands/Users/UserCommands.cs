using System.CommandLine;
using AdminConsole.Cli.Http;
using AdminConsole.Cli.Output;
using AdminConsole.Core.Contracts;

namespace AdminConsole.Cli.Commands.Users;

/// <summary>Defines <c>adminctl users</c>, and lists, shows and creates users. The other subcommands are in separate
/// files.</summary>
internal static class UserCommands
{
    public static readonly Option<string?> Search = new("--search") { Description = "Part of the email, username or name." };
    public static readonly Option<string?> Role = new("--role") { Description = "Only users with this role." };
    public static readonly Option<bool> Active = new("--active") { Description = "Only active users." };
    public static readonly Option<bool> Inactive = new("--inactive") { Description = "Only deactivated and locked-down users." };
    public static readonly Option<string?> Status = new("--status")
    {
        Description = $"Only users with this status: {string.Join(", ", UserStatuses.DisplayNames.Keys)}.",
    };
    public static readonly Option<string?> Source = new("--source")
    {
        Description = $"Only users of this source: {UserSources.Local}, or an identity provider by name or id.",
    };

    public static Command Create()
    {
        var users = new Command("users", "Users, their roles and their credentials.") { List(), Show(), CreateUser() };
        foreach (
            var command in UserOperationCommands
                .All()
                .Concat(UserRoleCommands.All())
                .Concat(UserPasswordCommands.All())
                .Concat(UserFileCommands.All())
        )
        {
            users.Add(command);
        }

        return users;
    }

    /// <summary>Returns the filters as query parameters of the API.</summary>
    public static Query Filters(CommandContext run) =>
        run.Get(Active) && run.Get(Inactive)
            ? throw CliException.Usage("Choose one of --active and --inactive.")
            : new Query(
                ("search", run.Get(Search)),
                ("role", run.Get(Role)),
                ("status", run.Get(Status)),
                ("source", run.Get(Source)),
                (
                    "active",
                    run.Get(Active) ? "true"
                    : run.Get(Inactive) ? "false"
                    : null
                )
            );

    /// <summary>Writes all details of a user.</summary>
    public static void Write(CommandContext run, UserDetails user) =>
        new PropertyList()
            .Add("Email", user.Email ?? SharedTexts.NoEmail)
            .Add("Username", user.UserName)
            .Add("Name", user.DisplayName)
            .Add("Roles", string.Join(", ", user.Roles))
            .Add("Status", State(user))
            .Add("Deactivated by", user.DeactivatedBy?.Name)
            .Add("Reason", user.DeactivatedReason)
            .Add("Deactivated until", Texts.Time(user.DeactivatedUntil))
            .Add("Locked until", Texts.Time(user.LockedOutUntil))
            .Add(
                "Password",
                user.HasPassword
                    ? user.MustChangePassword
                        ? "change required"
                        : "set"
                    : "none"
            )
            .Add("2FA", user.MfaEnabled ? "on" : "off")
            .Add("Source", user.Source)
            .Add("Break-glass", user.BreakGlass ? "yes" : null)
            .Add("Last sign-in", Texts.Time(user.LastSignInAt))
            .Add("Created", Texts.Time(user.CreatedAt))
            .Add("Id", user.Id.ToString())
            .Print(run.Terminal);

    private static Command List()
    {
        var sort = new Option<string?>("--sort")
        {
            Description = "email, userName, displayName, createdAt, updatedAt or lastSignInAt; with a leading - the other way round.",
        };
        return new Command("list", "List users.")
        {
            Search,
            Role,
            Status,
            Source,
            Active,
            Inactive,
            sort,
            Paging.Limit,
            Paging.All,
        }.SetHandler(async run =>
            Paging.Show(
                run,
                await Paging.ReadAsync(run, "api/users", Filters(run).With("sort", run.Get(sort))),
                ApiJson.Default.UserDetails,
                Rows
            )
        );
    }

    private static Command Show()
    {
        var user = UserResolver.Argument();
        return new Command("show", "Show one user.") { user }.SetHandler(async run =>
            run.Show(await UserResolver.ReadAsync(run, run.Get(user)), ApiJson.Default.UserDetails, details => Write(run, details))
        );
    }

    private static Command CreateUser()
    {
        var email = new Argument<string?>("email")
        {
            Description = "The email. Optional with --user-name.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var userName = new Option<string?>("--user-name", "--username") { Description = "The username. Required without an email." };
        var displayName = new Option<string?>("--display-name")
        {
            Description = "The display name. Default: the part of the email before the @, or the username.",
        };
        var roles = new Option<string[]>("--role") { Description = "A role to assign. Repeat for more. Default: User." };
        var password = new Option<bool>("--password") { Description = "Set a password. It's prompted for, or read from standard input." };
        var invite = new Option<bool>("--invite") { Description = "Send an invitation email." };
        return new Command("create", "Create a user.") { email, userName, displayName, roles, password, invite }.SetHandler(async run =>
        {
            if (run.Get(email) is null && (run.Get(userName) is null || run.Get(invite)))
            {
                throw CliException.Usage(
                    run.Get(invite)
                        ? "Invitations are sent by email. Add an email."
                        : "Add an email, or --user-name for an account without one."
                );
            }

            var body = JsonText.Object(
                ("email", run.Get(email)),
                ("userName", run.Get(userName)),
                ("displayName", run.Get(displayName)),
                ("roles", run.Has(roles) ? run.Get(roles) : null),
                ("password", run.Get(password) ? Prompt.AskSecret("Password for the new user") : null),
                ("invite", run.Get(invite) ? true : null)
            );
            run.Show(await run.Api.PostAsync("api/users", body, run.Stopped), ApiJson.Default.UserDetails, user => Write(run, user));
        });
    }

    private static Table Rows(IEnumerable<UserDetails> users)
    {
        var table = new Table("Email or username", "Name", "Roles", "Status", "Last sign-in", "Id");
        foreach (var user in users)
        {
            table.Add(
                user.SignInName,
                user.DisplayName,
                string.Join(",", user.Roles),
                State(user),
                Texts.Time(user.LastSignInAt),
                user.Id.ToString()
            );
        }

        return table;
    }

    private static Cell State(UserDetails user) =>
        user.Active && (user.EmailConflict || user.UserNameConflict)
            ? new Cell("Duplicate name", Tone.Bad)
            : new Cell(
                UserStatuses.DisplayNames.GetValueOrDefault(user.Status, user.Status),
                user.Status == UserStatuses.Active ? Tone.Good : Tone.Bad
            );
}
