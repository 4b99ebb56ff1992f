using System.Reflection;
using System.Text.RegularExpressions;
using AdminConsole.Core;
using AdminConsole.Core.Changes;
using AdminConsole.Core.Common;
using AdminConsole.Core.Data;
using AdminConsole.Core.Data.Postgres;
using AdminConsole.Core.Users;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components;

namespace AdminConsole.Tests.Architecture;

/// <summary>The arrows and sizes of docs/architecture.md.</summary>
public sealed partial class ArchitectureTests
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly Assembly Core = typeof(AppDbContext).Assembly;

    private static readonly Assembly Web = typeof(Program).Assembly;

    internal static readonly string Root = FindRoot();

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "AdminConsole.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("The tests run inside the repository.");
        }

        return folder.FullName;
    }

    internal static IEnumerable<(string Name, string Text)> Sources(string folder, string pattern = "*.cs") =>
        Directory
            .EnumerateFiles(Path.Combine(Root, folder), pattern, SearchOption.AllDirectories)
            .Where(file =>
                !file.Contains("/obj/", StringComparison.Ordinal)
                && !file.Contains("/bin/", StringComparison.Ordinal)
                && !file.Contains("/Migrations/", StringComparison.Ordinal)
            )
            .Select(file => (Path.GetRelativePath(Root, file), File.ReadAllText(file)));

    // What fills Identity's extension points has the shape that Identity gives it.
    private const string IdentityNamespace = "AdminConsole.Core.Identity";

    [Fact]
    public void Core_knows_neither_http_nor_blazor_nor_the_console()
    {
        var references = Core.GetReferencedAssemblies().Select(name => name.Name!);

        Assert.DoesNotContain(
            references,
            name =>
                name.StartsWith("Microsoft.AspNetCore.Http", StringComparison.Ordinal)
                || name.StartsWith("Microsoft.AspNetCore.Components", StringComparison.Ordinal)
                || name.StartsWith("Microsoft.AspNetCore.Mvc", StringComparison.Ordinal)
                || name.StartsWith("Microsoft.AspNetCore.Routing", StringComparison.Ordinal)
                || name.StartsWith("Microsoft.AspNetCore.Authentication", StringComparison.Ordinal)
                || name.StartsWith("Microsoft.AspNetCore.Hosting", StringComparison.Ordinal)
                || name.StartsWith("MudBlazor", StringComparison.Ordinal)
                || name is "System.Console" or "AdminConsole"
        );
    }

    [Fact]
    public void Contracts_depend_on_nothing_of_ours_or_of_the_framework()
    {
        var foreign = Sources("AdminConsole.Core/Contracts")
            .Where(source => UsingOfOthers().IsMatch(source.Text))
            .Select(source => source.Name);

        Assert.Empty(foreign);
    }

    [Fact]
    public void The_command_line_knows_nothing_of_ours_but_contracts()
    {
        var foreign = Sources("AdminConsole.Cli").Where(source => OtherThanContracts().IsMatch(source.Text)).Select(source => source.Name);

        Assert.Empty(foreign);
        Assert.DoesNotContain(
            "ProjectReference",
            File.ReadAllText(Path.Combine(Root, "AdminConsole.Cli", "AdminConsole.Cli.csproj")),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Endpoints_know_no_database_and_decide_nothing()
    {
        var offenders = Sources("AdminConsole/Endpoints")
            .Where(source => !source.Name.Contains("/OpenApi/", StringComparison.Ordinal) && Decisions().IsMatch(source.Text))
            .Select(source => source.Name);

        Assert.Empty(offenders);
    }

    [Fact]
    public void Nothing_in_the_web_host_writes_to_the_database_by_itself()
    {
        var offenders = Sources("AdminConsole")
            .Where(source =>
                source.Text.Contains("SaveChanges", StringComparison.Ordinal)
                || source.Text.Contains("ExecuteUpdate", StringComparison.Ordinal)
            )
            .Select(source => source.Name);

        Assert.Empty(offenders);
    }

    [Fact]
    public void Provider_differences_live_in_their_contexts()
    {
        string[] allowed =
        [
            "PostgresAppDbContext.cs",
            "PostgresAppDbContext.Audit.cs",
            "SqliteAppDbContext.cs",
            "SqliteAppDbContext.Audit.cs",
            "SqliteAuditRows.cs",
            "SqliteLibrary.cs",
            "PostgresTools.cs",
            "PostgresChangeRelay.cs",
            "LeaderLock.cs",
            "DataServices.cs",
            "DatabaseOptions.cs",
            "DatabaseStartup.cs",
        ];

        var offenders = Sources("AdminConsole.Core")
            .Where(source => !allowed.Contains(Path.GetFileName(source.Name)))
            .Where(source => Providers().IsMatch(source.Text))
            .Select(source => source.Name);

        Assert.Empty(offenders);
    }

    [Fact]
    public void Every_page_says_to_whom_it_opens()
    {
        var pages = Web.GetTypes().Where(type => type.GetCustomAttributes<RouteAttribute>().Any()).ToList();

        Assert.NotEmpty(pages);
        Assert.DoesNotContain(
            pages,
            page => !page.GetCustomAttributes().Any(attribute => attribute is IAllowAnonymous or IAuthorizeData { Policy: not null })
        );
    }

    [Fact]
    public void An_interactive_component_reaches_core_only_through_scoped_operations()
    {
        // Singletons that hold no database: they hand out notices, counts that all pages share, or what hints need to
        // say.
        Type[] allowed =
        [
            typeof(ChangeFeed),
            typeof(UserNotifier),
            typeof(AdminConsole.Core.Audit.AuditNotifier),
            typeof(AdminConsole.Core.System.Attention),
            typeof(CurrentSettings),
            typeof(AdminConsole.Core.Settings.Organization),
        ];

        var offenders = Web.GetTypes()
            .Where(type =>
                typeof(IComponent).IsAssignableFrom(type) && !type.GetCustomAttributes<ExcludeFromInteractiveRoutingAttribute>().Any()
            )
            .SelectMany(type =>
                type.GetProperties(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
                    .Where(property => property.GetCustomAttribute<InjectAttribute>() is not null)
                    .Where(property => property.PropertyType.Assembly == Core && !allowed.Contains(property.PropertyType))
                    .Select(property => $"{type.Name}.{property.Name}")
            );

        Assert.Empty(offenders);
    }

    [Fact]
    public void What_runs_by_itself_runs_on_the_node_on_duty_unless_each_node_has_its_own()
    {
        // What each remembers, compares, tells its own pages, or hears. A mail is taken by its row, so that all may
        // send; forwarding asks for the duty itself (LeaderLockTests).
        Type[] everywhere =
        [
            typeof(AdminConsole.Core.Tokens.TokenUsageWriter),
            typeof(UserNotifier),
            typeof(AdminConsole.Core.Audit.AuditNotifier),
            typeof(PostgresChangeRelay),
            typeof(AdminConsole.Core.Email.OutboxWorker),
            typeof(AdminConsole.Core.Audit.AuditForwarding),
            typeof(AdminConsole.Core.Audit.AuditHeartbeat),
        ];

        var workers = Core.GetTypes().Where(type => typeof(BackgroundService).IsAssignableFrom(type) && !type.IsAbstract).ToList();

        Assert.Empty(everywhere.Except(workers));
        Assert.All(
            workers.Except(everywhere),
            type =>
                Assert.Contains(type.GetConstructors().Single().GetParameters(), parameter => parameter.ParameterType == typeof(LeaderLock))
        );
    }

    [Fact]
    public void Services_are_small()
    {
        var services = new ServiceCollection()
            .AddCore(new DatabaseOptions(DatabaseProvider.Sqlite, "Data Source=none"))
            .Select(service => service.ServiceType)
            .Where(type => type.Assembly == Core && !typeof(AppDbContext).IsAssignableFrom(type) && type.Namespace != IdentityNamespace)
            .Distinct()
            .ToList();

        Assert.NotEmpty(services);
        Assert.Empty(services.Where(type => !type.IsSealed).Select(type => $"{type.Name} is not sealed"));
        Assert.Empty(
            services
                .Where(type => type.GetConstructors(BindingFlags.Public | BindingFlags.Instance)[0].GetParameters().Length > 5)
                .Select(type => $"{type.Name} has more than 5 dependencies")
        );
        Assert.Empty(
            services
                .Where(type =>
                    type.GetMethods(Declared)
                        .Count(method =>
                            !method.IsSpecialName
                            && method.Name is not ("Dispose" or "DisposeAsync")
                            && method.GetBaseDefinition().DeclaringType != typeof(object)
                        )
                        is var count
                    && count > 7
                )
                .Select(type => $"{type.Name} has more than 7 public methods")
        );
    }

    [Fact]
    public void Files_are_short()
    {
        var sources = Sources("AdminConsole.Core")
            .Concat(Sources("AdminConsole.Cli"))
            .Concat(Sources("AdminConsole"))
            .Concat(Sources("AdminConsole", "*.razor"));
        var long_ = sources.Where(source => source.Text.Count(letter => letter == '\n') > 300).Select(source => source.Name);

        Assert.Empty(long_);
    }

    [Fact]
    public void Texts_name_users_callers_and_attackers_as_such()
    {
        string[] projects =
        [
            "AdminConsole.Core",
            "AdminConsole.Cli",
            "AdminConsole",
            "AdminConsole.Tests",
            "AdminConsole.EndToEnd",
            "AdminConsole.Benchmarks",
        ];
        var sources = projects
            .SelectMany(project => Sources(project))
            .Concat(Sources("AdminConsole", "*.razor"))
            .Concat(Sources("docs", "*.md"))
            .Where(source => !source.Name.Contains("decisions", StringComparison.Ordinal));

        Assert.Empty(sources.Where(source => Unnamed().IsMatch(source.Text)).Select(source => source.Name));
    }

    [Fact]
    public void A_page_has_five_injects_at_most()
    {
        var offenders = Web.GetTypes()
            .Where(type => typeof(IComponent).IsAssignableFrom(type))
            .Where(type =>
                type.GetProperties(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
                    .Count(property => property.GetCustomAttribute<InjectAttribute>() is not null) > 5
            )
            .Select(type => type.Name);

        Assert.Empty(offenders);
    }

    [Fact]
    public void Nothing_is_named_for_nothing()
    {
        var offenders = Core.GetTypes()
            .Concat(Web.GetTypes())
            .Where(type => type.Namespace?.StartsWith("AdminConsole", StringComparison.Ordinal) == true)
            // Identity's managers keep their names.
            .Where(type =>
                type.BaseType?.Namespace != "Microsoft.AspNetCore.Identity"
                && (Vague().IsMatch(type.Name) || Vague().IsMatch(type.Namespace!))
            )
            .Select(type => type.FullName);

        Assert.Empty(offenders);
    }

    [Fact]
    public void An_interface_has_a_second_implementation()
    {
        var interfaces = Core.GetTypes().Concat(Web.GetTypes()).Where(type => type.IsInterface);

        Assert.DoesNotContain(
            interfaces,
            type => Core.GetTypes().Concat(Web.GetTypes()).Count(other => other.IsClass && type.IsAssignableFrom(other)) < 2
        );
    }

    [GeneratedRegex(@"\b([Ww]ho[e]ver|[Ss]ome[b]ody)\b", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Unnamed();

    [GeneratedRegex(@"using (AdminConsole|Microsoft|Npgsql)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex UsingOfOthers();

    [GeneratedRegex(@"AdminConsole\.Core\.(?!Contracts)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex OtherThanContracts();

    [GeneratedRegex(@"EntityFrameworkCore|AppDbContext|Core\.Data\b|\bif \(|\btry\b", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Decisions();

    [GeneratedRegex(@"using (Npgsql|Microsoft\.Data\.Sqlite)|IsSqlite\(|IsNpgsql\(|DatabaseProvider\.", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Providers();

    [GeneratedRegex(@"(Manager|Helper|Helpers|Utils|Shared)$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Vague();
}
