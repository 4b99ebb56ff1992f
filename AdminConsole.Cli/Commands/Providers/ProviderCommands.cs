using System.CommandLine;
using AdminConsole.Cli.Commands.Users;
using AdminConsole.Cli.Http;
using AdminConsole.Cli.Output;
using AdminConsole.Core.Contracts;

namespace AdminConsole.Cli.Commands.Providers;

/// <summary>Lists, adds, tests and removes identity providers.</summary>
internal static class ProviderCommands
{
    public static Command Create() => new("directory", "Identity providers (OpenID Connect).") { List(), Add(), Test(), Remove() };

    private static Command List() =>
        new Command("list", "List identity providers.") { Paging.Limit, Paging.All }.SetHandler(async run =>
            Paging.Show(run, await Paging.ReadAsync(run, ProviderResolver.ListPath, new Query()), ApiJson.Default.ProviderDetails, Rows)
        );

    private static Command Add()
    {
        var name = new Argument<string>("name") { Description = "The name on the sign-in page." };
        var issuer = new Option<string>("--issuer")
        {
            Description = "The issuer: an https URL, exactly as the provider's discovery document has it.",
            Required = true,
        };
        var clientId = new Option<string>("--client-id") { Description = "The client id that the provider issued.", Required = true };
        var fromInput = new Option<bool>("--client-secret-stdin")
        {
            Description = "Never prompt for the client secret, only read it from standard input.",
        };
        var clientAuth = new Option<string?>("--client-auth")
        {
            Description = "How to send the client secret: post (in the body, the default) or basic (in a header).",
        }.AcceptOnlyFromAmong(ClientAuthentications.Post, ClientAuthentications.Basic);
        var scopes = new Option<string?>("--scopes")
        {
            Description = "The scopes to request, separated by spaces. Default: openid profile email.",
        };
        var groupsClaim = new Option<string?>("--groups-claim") { Description = "The claim with the user's groups." };
        var domains = new Option<string[]>("--domain") { Description = "A domain whose emails are accepted. Repeat it for more." };
        var groups = new Option<string[]>("--group")
        {
            Description = "With --admission domains: a group whose members get an account. Repeat it for more.",
        };
        var admission = new Option<string?>("--admission")
        {
            Description = "Who can sign in: existing users (the default), also invited users, or also new users of the domains and groups.",
        }.AcceptOnlyFromAmong(Admissions.Existing, Admissions.Invited, Admissions.Domains);
        var secondFactors = new Option<string[]>("--second-factor")
        {
            Description = "A value of the claim amr or acr that counts as a second factor. Repeat it for more.",
        };
        return new Command("add", "Add an identity provider. The client secret is prompted for, or read from standard input.")
        {
            name,
            issuer,
            clientId,
            fromInput,
            clientAuth,
            scopes,
            groupsClaim,
            domains,
            groups,
            admission,
            secondFactors,
        }.SetHandler(async run =>
        {
            if (run.Get(fromInput) && !Console.IsInputRedirected)
            {
                throw CliException.Usage("Standard input is a terminal.", "Pipe the client secret, or leave out --client-secret-stdin.");
            }

            var body = JsonText.Object(
                ("name", run.Get(name)),
                ("issuer", run.Get(issuer)),
                ("clientId", run.Get(clientId)),
                ("clientSecret", Prompt.AskSecret("Client secret")),
                ("clientAuthentication", run.Get(clientAuth)),
                ("scopes", run.Get(scopes)?.Split(' ', StringSplitOptions.RemoveEmptyEntries)),
                ("groupsClaim", run.Get(groupsClaim)),
                ("allowedDomains", run.Has(domains) ? run.Get(domains) : null),
                ("allowedGroups", run.Has(groups) ? run.Get(groups) : null),
                ("admission", run.Get(admission)),
                ("secondFactorValues", run.Has(secondFactors) ? run.Get(secondFactors) : null)
            );
            await ShowAddedAsync(run, await run.Api.PostAsync(ProviderResolver.ListPath, body, run.Stopped));
        });
    }

    private static Command Test()
    {
        var provider = ProviderResolver.Argument();
        return new Command("test", "Check whether users can sign in with an identity provider. Exit code 1 if not.")
        {
            provider,
        }.SetHandler(async run =>
        {
            var found = await ProviderResolver.FindAsync(run, run.Get(provider));
            var answer = await CheckAsync(run, found.Id);
            run.Show(answer, ApiJson.Default.ProviderCheck, result => Write(run, found, result));
            var check = answer.As(ApiJson.Default.ProviderCheck);
            if (!check.Ok)
            {
                throw new CliException(ExitCode.Refused, check.Problem ?? "Users can't sign in.", code: "provider_check_failed");
            }
        });
    }

    private static Command Remove()
    {
        var provider = ProviderResolver.Argument();
        return new Command("remove", "Remove an identity provider, the links of accounts to it and the sessions it started.")
        {
            provider,
            UserOperationCommands.Yes,
        }.SetHandler(async run =>
        {
            var found = await ProviderResolver.FindAsync(run, run.Get(provider));
            Prompt.Confirm(
                run.Terminal,
                run.Get(UserOperationCommands.Yes),
                $"Remove {found.Name}? Linked accounts: {found.Users}. Sessions that started with it end now."
            );
            await run.Api.AskAsync(HttpMethod.Delete, $"{ProviderResolver.ListPath}/{found.Id}", null, run.Stopped);
            run.Done($"{found.Name} removed.");
        });
    }

    private static Task<ApiResponse> CheckAsync(CommandContext run, Guid id) =>
        run.Api.PostAsync($"{ProviderResolver.ListPath}/{id}/check", null, run.Stopped);

    private static async Task ShowAddedAsync(CommandContext run, ApiResponse answer)
    {
        if (run.Terminal.IsJson)
        {
            run.Terminal.Print(answer.Text);
            return;
        }

        var provider = answer.As(ApiJson.Default.ProviderDetails);
        run.Terminal.WriteInfo($"{provider.Name} added. Register these URIs with the identity provider:");
        var check = (await CheckAsync(run, provider.Id)).As(ApiJson.Default.ProviderCheck);
        new PropertyList()
            .Add("Id", provider.Id.ToString())
            .Add("Redirect URI", check.RedirectUri)
            .Add("Back-channel logout URI", check.BackChannelLogoutUri)
            .Print(run.Terminal);
        if (!check.Ok)
        {
            run.Terminal.Flush();
            run.Terminal.WriteInfo($"Users can't sign in with it yet: {check.Problem}");
        }
    }

    private static void Write(CommandContext run, ProviderDetails provider, ProviderCheck check) =>
        new PropertyList()
            .Add("Status", check.Ok ? new Cell("ok", Tone.Good) : new Cell(check.Problem ?? "failed", Tone.Bad))
            .Add("Authorization endpoint", check.AuthorizationEndpoint)
            .Add("Signing keys", $"{check.Keys}")
            .Add("Redirect URI", check.RedirectUri)
            .Add("Back-channel logout URI", check.BackChannelLogoutUri)
            .Add("Test sign-in", new Uri(run.Server, $"oidc/{provider.Id}/sign-in?test=true").AbsoluteUri)
            .Print(run.Terminal);

    private static Table Rows(IEnumerable<ProviderDetails> providers)
    {
        var table = new Table("Name", "Issuer", "Who can sign in", "Accounts", "Rules", "Id");
        foreach (var provider in providers)
        {
            table.Add(
                provider.Name,
                provider.Issuer,
                provider.Admission switch
                {
                    Admissions.Existing => "Existing users",
                    Admissions.Invited => "Existing and invited users",
                    Admissions.Domains => "Existing, invited and new users",
                    var other => other,
                },
                $"{provider.Users}",
                $"{provider.Rules}",
                provider.Id.ToString()
            );
        }

        return table;
    }
}
