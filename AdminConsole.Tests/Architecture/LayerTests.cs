using AdminConsole.Core.Data;
using ArchUnitNET.Loader;
using ArchUnitNET.xUnitV3;
using static ArchUnitNET.Fluent.ArchRuleDefinition;

namespace AdminConsole.Tests.Architecture;

/// <summary>The folders of Core depend only on the folders above them (docs/architecture.md). Entities are the exception:
/// the database context maps them all, so every folder from Data on may use them.</summary>
public sealed class LayerTests(SqliteApp app) : IClassFixture<SqliteApp>
{
    // From top to bottom.
    private static readonly string[] Layers =
    [
        "Contracts",
        "Common",
        "Names",
        "Security",
        "Changes",
        "Data",
        "Audit",
        "Email",
        "Settings",
        "Identity",
        "Roles",
        "Users",
        "Sessions",
        "Providers",
        "Authentication",
        "Account",
        "Tokens",
        "OAuth",
        "System",
        "Backups",
        "Cli",
        "Demo",
    ];

    private static readonly ArchUnitNET.Domain.Architecture Core = new ArchLoader().LoadAssemblies(typeof(AppDbContext).Assembly).Build();

    public static TheoryData<string> Names => [.. Layers];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_folder_depends_only_on_the_folders_above_it(string layer)
    {
        var entities = await EntitiesAsync();
        var below = Layers[(Array.IndexOf(Layers, layer) + 1)..];
        if (below.Length == 0)
        {
            return;
        }

        Types()
            .That()
            .ResideInNamespaceMatching(Pattern([layer]))
            .Should()
            .NotDependOnAny(Types().That().ResideInNamespaceMatching(Pattern(below)).And().DoNotHaveFullNameMatching(Any(entities)))
            .Because("docs/architecture.md lists the folders of Core in the order of their dependencies")
            .Check(Core);
    }

    [Fact]
    public void Every_folder_of_Core_is_a_layer()
    {
        var folders = Core
            .Types.Select(type => type.Namespace.FullName)
            .Where(name => name.StartsWith("AdminConsole.Core.", StringComparison.Ordinal))
            .Select(name => name.Split('.')[2])
            .Distinct();

        Assert.Equal(Layers.Order(StringComparer.Ordinal), folders.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_audit_chain_is_the_last_step_of_a_change() =>
        Assert.Equal(["Outbox", "AuditChain"], app.Services.GetServices<IChangeStep>().Select(step => step.GetType().Name));

    private static string Pattern(IEnumerable<string> layers) => $@"^AdminConsole\.Core\.({string.Join('|', layers)})(\.|$)";

    private static string Any(IEnumerable<string> names) => $"^({string.Join('|', names.Select(name => name.Replace(".", @"\.")))})$";

    // The mapped types, and the enumerations of their properties.
    private Task<List<string>> EntitiesAsync() =>
        app.ReadAsync(db =>
            Task.FromResult(
                db.Model.GetEntityTypes()
                    .SelectMany(type =>
                        type.GetProperties().Select(property => property.ClrType).Where(type => type.IsEnum).Append(type.ClrType)
                    )
                    .Select(type => type.FullName!)
                    .Where(name => name.StartsWith("AdminConsole", StringComparison.Ordinal))
                    .Distinct()
                    .ToList()
            )
        );
}
