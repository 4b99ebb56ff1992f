using System.CommandLine;
using AdminConsole.Cli.Auth;
using AdminConsole.Cli.Http;
using AdminConsole.Cli.Output;
using AdminConsole.Core.Contracts;

namespace AdminConsole.Cli.Commands.Tokens;

/// <summary>Manages personal access tokens: the user's own, or with <c>--everyone</c> those of all users.</summary>
internal static class TokenCommands
{
    public static readonly Option<bool> Everyone = new("--everyone")
    {
        Description = "All users' tokens, not only yours. Requires tokens.read, and tokens.revoke to revoke.",
    };

    public static Command Create() => new("tokens", "Personal access tokens.") { CreateToken(), List(), Rotate(), Revoke() };

    private static Command CreateToken()
    {
        var name = new Option<string>("--name") { Description = "What it is for.", Required = true };
        var ttl = new Option<string?>("--ttl")
        {
            Description = "How long it works: 90d, or never. Otherwise as the console's settings say.",
        };
        var scopes = new Option<string[]>("--scope")
        {
            Description = "A scope of the token, such as users.read. Repeat it for more. Default: profile.read.",
            AllowMultipleArgumentsPerToken = false,
        };
        var allScopes = new Option<bool>("--all-scopes") { Description = "All permissions you have now." };
        return new Command("create", "Create a token for yourself. The secret is printed once, to standard output.")
        {
            name,
            ttl,
            scopes,
            allScopes,
            Secrets.Raw,
        }.SetHandler(async run =>
        {
            if (run.Get(allScopes) && run.Has(scopes))
            {
                throw CliException.Usage("Choose one of --scope and --all-scopes.");
            }

            var chosen =
                run.Get(allScopes) ? (await run.Api.GetAsync("api/auth/me", run.Stopped)).As(ApiJson.Default.Me).Permissions
                : run.Has(scopes) ? run.Get(scopes)
                : null;
            var days = run.Get(ttl) is { } text ? Times.Days(text, "--ttl") : null;
            var body = JsonText.Write(json =>
            {
                json.WriteStartObject();
                json.WriteString("name", run.Get(name));
                if (chosen is not null)
                {
                    json.WriteStartArray("scopes");
                    chosen.ToList().ForEach(json.WriteStringValue);
                    json.WriteEndArray();
                }

                // Null requests a token that never expires. If the member is omitted, the server applies its settings.
                if (run.Get(ttl) is not null && days is null)
                {
                    json.WriteNull("expiresInDays");
                }
                else if (days is { } given)
                {
                    json.WriteNumber("expiresInDays", given);
                }

                json.WriteEndObject();
            });
            await RevealAsync(
                run,
                await run.Api.PostAsync("api/tokens", body, run.Stopped),
                async token =>
                {
                    await RevokeAsync(run, token);
                    return "The token was revoked because its secret couldn't be shown.";
                }
            );
        });
    }

    private static Command List()
    {
        var search = new Option<string?>("--search")
        {
            Description = "With --everyone: any part of the owner's names, the token's name, or the beginning of its prefix.",
        };
        return new Command("list", "List tokens, also those that have ended.") { Everyone, search, Paging.Limit, Paging.All }.SetHandler(
            async run =>
            {
                if (run.Get(Everyone))
                {
                    Paging.Show(
                        run,
                        await Paging.ReadAsync(run, "api/admin/tokens", new Query(("search", run.Get(search)))),
                        ApiJson.Default.OwnedToken,
                        tokens => Rows(tokens, token => token.Owner.SignInName)
                    );
                    return;
                }

                Paging.Show(
                    run,
                    await Paging.ReadAsync(run, "api/tokens", new Query()),
                    ApiJson.Default.TokenSummary,
                    tokens => Rows(tokens, _ => null)
                );
            }
        );
    }

    private static Command Rotate()
    {
        var token = new Argument<string?>("token")
        {
            Description =
                "Id, prefix or name. Left out: the token that this command itself is signed in with, which takes the scope tokens.rotate.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var overlap = new Option<int?>("--overlap-minutes") { Description = "Keep the old token valid for this time, up to 1440 minutes." };
        var firstUse = new Option<bool>("--end-on-first-use") { Description = "Keep the old token valid until the new one is first used." };
        return new Command("rotate", "Replace a token with a new one. The new secret is printed once, to standard output.")
        {
            token,
            overlap,
            firstUse,
            Secrets.Raw,
        }.SetHandler(async run =>
        {
            var body = JsonText.Object(("overlapMinutes", run.Get(overlap)), ("endOnFirstUse", run.Get(firstUse) ? true : null));
            if (run.Get(token) is { } named)
            {
                var id = await TokenResolver.IdAsync(run, named, everyone: false);
                await RevealAsync(
                    run,
                    await run.Api.PostAsync($"api/tokens/{id}/rotate", body, run.Stopped),
                    async successor =>
                    {
                        await RevokeAsync(run, successor);
                        return Afterwards(run, overlap, firstUse);
                    }
                );
            }
            else
            {
                await RotateOwnAsync(run, body, () => Afterwards(run, overlap, firstUse));
            }
        });
    }

    // A token can be rotated only once, so the old token cannot get another successor.
    private static string Afterwards(CommandContext run, Option<int?> overlap, Option<bool> firstUse) =>
        "The new token was revoked because its secret couldn't be shown. "
        + (
            run.Get(overlap) is > 0 and var minutes ? $"The old token stays valid for {minutes} minutes. Create a new token before then."
            : run.Get(firstUse) && run.Get(overlap) is null
                ? "The old token stays valid until it expires. Create a new token, then revoke the old one."
            : "The old token has ended. Create a new token."
        );

    // Stores the new secret before showing it, because the old token may already be revoked.
    private static async Task RotateOwnAsync(CommandContext run, string body, Func<string> afterwards)
    {
        using var fileLock = await run.Credentials.LockAsync(run.Stopped);
        var answer = await run.Api.PostAsync("api/tokens/current/rotate", body, CancellationToken.None);
        var isStored = !run.Api.Access.IsGiven && run.Credentials.Find(run.Server) is { RefreshToken: null };
        if (isStored)
        {
            run.Credentials.Save(
                run.Server,
                run.Credentials.Find(run.Server)! with
                {
                    AccessToken = answer.As(ApiJson.Default.CreatedToken).Token,
                }
            );
        }

        await RevealAsync(
            run,
            answer,
            async token =>
            {
                if (isStored)
                {
                    return $"The new secret is kept in {run.Folder.CredentialsFile}, so you stay signed in with it.";
                }

                using var connection = new Connection(run.Server);
                await new OAuth(connection).RevokeAsync(token.Token, CancellationToken.None);
                return afterwards();
            }
        );
    }

    private static Command Revoke()
    {
        var token = new Argument<string>("token") { Description = "Id, prefix or name." };
        return new Command("revoke", "Revoke a token permanently.") { token, Everyone }.SetHandler(async run =>
        {
            var everyone = run.Get(Everyone);
            var id = await TokenResolver.IdAsync(run, run.Get(token), everyone);
            await run.Api.AskAsync(HttpMethod.Delete, $"{(everyone ? "api/admin/tokens" : "api/tokens")}/{id}", null, run.Stopped);
            run.Done($"Token {run.Get(token)} revoked.");
        });
    }

    private static Task<ApiResponse> RevokeAsync(CommandContext run, CreatedToken token) =>
        run.Api.AskAsync(HttpMethod.Delete, $"api/tokens/{token.Id}", null, CancellationToken.None);

    private static Task RevealAsync(CommandContext run, ApiResponse answer, Func<CreatedToken, Task<string>> takeBack) =>
        Secrets.RevealAsync(
            run,
            answer,
            ApiJson.Default.CreatedToken,
            token => token.Token,
            token =>
                [
                    $"{token.Name}: {string.Join(", ", token.Scopes)}; "
                        + $"{(token.ExpiresAt is { } end ? $"expires {Texts.Time(end)}" : "never expires")}.",
                    $"Use it: curl -H 'Authorization: Bearer {token.Prefix}…' '{new Uri(run.Server, "api/auth/me")}', or "
                        + $"ADMINCONSOLE_TOKEN={token.Prefix}… adminctl whoami",
                    "The secret is shown only once:",
                ],
            takeBack
        );

    private static Table Rows<T>(IEnumerable<T> tokens, Func<T, string?> owner)
        where T : TokenSummary
    {
        var table = new Table("Name", "Prefix", "State", "Scopes", "Expires", "Last used", "Owner", "Id", "Revoked");
        foreach (var token in tokens)
        {
            table.Add(
                token.Name,
                token.Prefix,
                new Cell(token.State, token.State == "active" ? Tone.Good : Tone.Bad),
                string.Join(",", token.Scopes),
                token.ExpiresAt is { } end ? Texts.Time(end) : "never",
                token.LastUsedAt is { } used ? Texts.Time(used) : "never",
                owner(token),
                token.Id.ToString(),
                Texts.Time(token.RevokedAt)
            );
        }

        return table;
    }
}
