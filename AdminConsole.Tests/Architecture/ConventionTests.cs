using System.Reflection;
using System.Text.RegularExpressions;
using AdminConsole.Core;
using AdminConsole.Core.Common;
using AdminConsole.Core.Data;
using Microsoft.AspNetCore.Components;

namespace AdminConsole.Tests.Architecture;

/// <summary>Sizes and names in the source.</summary>
public sealed partial class ConventionTests
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly Assembly Core = typeof(AppDbContext).Assembly;

    private static readonly Assembly Web = typeof(Program).Assembly;

    private static readonly string[] Projects =
    [
        "AdminConsole.Core",
        "AdminConsole.Cli",
        "AdminConsole",
        "AdminConsole.Tests",
        "AdminConsole.EndToEnd",
        "AdminConsole.Benchmarks",
    ];

    // Implementations of Identity's extension points have the shape that Identity prescribes.
    private const string IdentityNamespace = "AdminConsole.Core.Identity";

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
        Assert.Empty(services.Where(type => !type.IsSealed && !type.IsInterface).Select(type => $"{type.Name} is not sealed"));
        Assert.Empty(
            services
                .Where(type =>
                    !type.IsInterface && type.GetConstructors(BindingFlags.Public | BindingFlags.Instance)[0].GetParameters().Length > 5
                )
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
    public void Files_and_lines_are_short()
    {
        var sources = Code().ToList();

        Assert.Empty(sources.Where(source => source.Text.Count(character => character == '\n') > 300).Select(source => source.Name));
        Assert.Empty(sources.SelectMany(source => PlacesOf(source, line => line.Length > 140)));
    }

    [Fact]
    public void A_line_has_at_most_three_conditions()
    {
        var offenders = Code()
            .Where(source => Path.GetExtension(source.Name) is ".cs" or ".razor")
            .SelectMany(source => PlacesOf(source, line => Operator().Count(StringLiteral().Replace(line, "")) > 2));

        Assert.Empty(offenders);
    }

    private static IEnumerable<string> PlacesOf((string Name, string Text) source, Func<string, bool> isOffending) =>
        source.Text.Split('\n').Index().Where(line => isOffending(line.Item)).Select(line => $"{source.Name}:{line.Index + 1}");

    // The migrations that dotnet-ef writes are left out.
    private static IEnumerable<(string Name, string Text)> Code() =>
        Projects
            .SelectMany(project => ArchitectureTests.Sources(project).Concat(ArchitectureTests.Sources(project, "*.razor")))
            .Concat(ArchitectureTests.Sources("wwwroot-assets", "*.css"))
            .Concat(ArchitectureTests.Sources("wwwroot-assets", "*.js"))
            .Concat(ArchitectureTests.Sources("scripts", "*.sh"));

    [Fact]
    public void A_feature_has_one_name_everywhere()
    {
        // Core's folders name the features. The folders below may hold fewer of them, and technical parts of their own.
        var features = FoldersOf("AdminConsole.Core").Except(["Changes", "Common", "Contracts", "Data", "Names"]).ToHashSet();
        string[] technical = ["Architecture", "Cases", "Components", "Data", "Http", "Names", "SampleExtension", "SmtpServer", "Upgrade"];

        Assert.Empty(FoldersOf("AdminConsole/Components/Pages").Except(features));
        Assert.Empty(FoldersOf("AdminConsole.Cli/Commands").Except(features));
        Assert.Empty(FoldersOf("AdminConsole.Tests").Except(features).Except(technical));
    }

    private static IEnumerable<string> FoldersOf(string folder) =>
        Directory
            .EnumerateDirectories(Path.Combine(ArchitectureTests.Root, folder))
            .Where(path => Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories).Any())
            .Select(path => Path.GetFileName(path))
            .Where(name => name is not ("bin" or "obj" or "Properties" or "TestResults"));

    [Fact]
    public void Texts_name_users_callers_and_attackers_as_such()
    {
        var sources = Projects
            .SelectMany(project => ArchitectureTests.Sources(project))
            .Concat(ArchitectureTests.Sources("AdminConsole", "*.razor"))
            .Concat(ArchitectureTests.Sources("docs", "*.md"))
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
    public void No_type_or_namespace_has_a_vague_name()
    {
        var offenders = Core.GetTypes()
            .Concat(Web.GetTypes())
            .Where(type => type.Namespace?.StartsWith("AdminConsole", StringComparison.Ordinal) == true)
            // Subclasses of Identity's managers keep the suffix.
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

    [GeneratedRegex(@"&&|\|\|", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Operator();

    [GeneratedRegex(@"""[^""]*""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex StringLiteral();

    [GeneratedRegex(@"(Manager|Helper|Helpers|Utils|Shared)$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Vague();
}
