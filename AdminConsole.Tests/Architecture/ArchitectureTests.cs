using System.Reflection;
using System.Text.RegularExpressions;
using AdminConsole.Core.Changes;
using AdminConsole.Core.Common;
using AdminConsole.Core.Data;
using AdminConsole.Core.Data.Postgres;
using AdminConsole.Core.Users;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components;

namespace AdminConsole.Tests.Architecture;

/// <summary>The dependencies and rules of docs/architecture.md.</summary>
public sealed partial class ArchitectureTests
{
    private static readonly Assembly Core = typeof(AppDbContext).Assembly;

    private static readonly Assembly Web = typeof(Program).Assembly;

    internal static readonly string Root = FindRoot();

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "AdminConsole.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("The tests must run inside the repository.");
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

    [Fact]
    public void Core_references_neither_http_nor_blazor_nor_the_console()
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
    public void Contracts_depend_on_neither_the_product_nor_the_framework()
    {
        var foreign = Sources("AdminConsole.Core/Contracts")
            .Where(source => UsingOfOthers().IsMatch(source.Text))
            .Select(source => source.Name);

        Assert.Empty(foreign);
    }

    [Fact]
    public void The_command_line_references_nothing_but_contracts()
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
    public void Endpoints_contain_neither_database_access_nor_decisions()
    {
        var offenders = Sources("AdminConsole/Endpoints")
            .Where(source => !source.Name.Contains("/OpenApi/", StringComparison.Ordinal) && Decisions().IsMatch(source.Text))
            .Select(source => source.Name);

        Assert.Empty(offenders);
    }

    [Fact]
    public void The_web_host_never_writes_to_the_database_directly()
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
    public void Every_page_declares_who_may_open_it()
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
        // Singletons without a database: notifications, counts shared by all pages, and settings for hints.
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
    public void Background_jobs_run_on_the_leader_unless_each_node_has_its_own()
    {
        // Services with state or connections of their node. Outbox rows are claimed, so all nodes may send; forwarding
        // takes the leader lock itself (LeaderLockTests).
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

    [GeneratedRegex(@"using (AdminConsole|Microsoft|Npgsql)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex UsingOfOthers();

    [GeneratedRegex(@"AdminConsole\.Core\.(?!Contracts)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex OtherThanContracts();

    [GeneratedRegex(@"EntityFrameworkCore|AppDbContext|Core\.Data\b|\bif \(|\btry\b", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Decisions();

    [GeneratedRegex(@"using (Npgsql|Microsoft\.Data\.Sqlite)|IsSqlite\(|IsNpgsql\(|DatabaseProvider\.", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Providers();
}
