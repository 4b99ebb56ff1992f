using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using AdminConsole.Cli.Http;

namespace AdminConsole.Cli.Commands.Users;

/// <summary>Resolves a user who is named by email, username or id.</summary>
internal static class UserResolver
{
    public static Argument<string> Argument() => new("user") { Description = "Email, username or id." };

    public static Option<string?> Option(string description) => new("--user") { Description = description };

    /// <summary>Returns the user's path in the API.</summary>
    public static async Task<string> PathAsync(CommandContext run, string named) =>
        $"api/users/{(await IsIdAsync(run, named) is { } id ? id : (await ReadAsync(run, named)).As(ApiJson.Default.UserDetails).Id)}";

    /// <summary>Returns the user. Throws a <see cref="CliException"/> if none matches.</summary>
    public static async Task<ApiResponse> ReadAsync(CommandContext run, string named)
    {
        if (await IsIdAsync(run, named) is { } id)
        {
            return await run.Api.GetAsync($"api/users/{id}", run.Stopped);
        }

        return await FindAsync(run, named)
            ?? throw new CliException(
                ExitCode.Refused,
                $"There is no user '{named}'.",
                "A user is named by email, username or id; adminctl users list --search finds them.",
                "not_found"
            );
    }

    // Returns the id; null if the text is not an id. Throws if it is also another user's username, which earlier
    // servers accepted.
    private static async Task<Guid?> IsIdAsync(CommandContext run, string named)
    {
        if (!Guid.TryParse(named, CultureInfo.InvariantCulture, out var id))
        {
            return null;
        }

        try
        {
            return await FindAsync(run, named) is not { } other || other.As(ApiJson.Default.UserDetails).Id == id
                ? id
                : throw new CliException(
                    ExitCode.Refused,
                    $"'{named}' is the username of one user, and could be the id of another.",
                    "Name the user by email.",
                    "ambiguous"
                );
        }
        catch (CliException stop) when (stop.Code == "forbidden")
        {
            // The caller may not search users, but may be allowed to change the one with this id.
            return id;
        }
    }

    private static async Task<ApiResponse?> FindAsync(CommandContext run, string named)
    {
        var found = await run.Api.GetAsync(new Query(("login", named), ("limit", "2")).Of("api/users"), run.Stopped);
        using var page = JsonDocument.Parse(found.Text);
        var users = page.RootElement.GetProperty("items");
        return named.Length > 0 && users.GetArrayLength() == 1 ? new ApiResponse(users[0].GetRawText()) : null;
    }
}
