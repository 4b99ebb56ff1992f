using System.CommandLine;
using AdminConsole.Cli.Http;
using AdminConsole.Cli.Output;

namespace AdminConsole.Cli.Commands.Users;

/// <summary>Assigns, removes and replaces the roles of a user.</summary>
internal static class UserRoleCommands
{
    public static IEnumerable<Command> All() =>
        [
            Set(),
            Change("add-role", "Assign a role to a user.", HttpMethod.Put),
            Change("remove-role", "Remove a role from a user.", HttpMethod.Delete),
        ];

    private static Command Set()
    {
        var user = UserResolver.Argument();
        var roles = new Argument<string[]>("role")
        {
            Description = "The roles the user shall have from now on, and no others.",
            Arity = ArgumentArity.OneOrMore,
        };
        return new Command("set-role", "Replace a user's roles with these.") { user, roles }.SetHandler(async run =>
        {
            var path = await UserResolver.PathAsync(run, run.Get(user));
            var answer = await run.Api.AskAsync(
                HttpMethod.Patch,
                path,
                Connection.Json(JsonText.Object(("roles", run.Get(roles)))),
                run.Stopped
            );
            run.Show(answer, ApiJson.Default.UserDetails, details => UserCommands.Write(run, details));
        });
    }

    private static Command Change(string name, string description, HttpMethod method)
    {
        var user = UserResolver.Argument();
        var role = new Argument<string>("role") { Description = "The role's name." };
        return new Command(name, description) { user, role }.SetHandler(async run =>
        {
            var path = $"{await UserResolver.PathAsync(run, run.Get(user))}/roles/{Uri.EscapeDataString(run.Get(role))}";
            run.Show(
                await run.Api.AskAsync(method, path, null, run.Stopped),
                ApiJson.Default.UserDetails,
                details => UserCommands.Write(run, details)
            );
        });
    }
}
