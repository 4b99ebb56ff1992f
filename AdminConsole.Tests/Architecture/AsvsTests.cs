using System.Reflection;
using System.Text.RegularExpressions;

namespace AdminConsole.Tests.Architecture;

/// <summary>The table of the security standard, and the tests it names.</summary>
public sealed partial class AsvsTests
{
    [Theory]
    [InlineData("asvs.md")]
    [InlineData("security.md")]
    public async Task Every_test_that_the_document_names_exists(string document)
    {
        var known = typeof(AsvsTests).Assembly.GetTypes()
            .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Instance).Where(method => method.GetCustomAttributes<FactAttribute>().Any()).Select(method => $"{(type.DeclaringType ?? type).Name}.{method.Name}"))
            .ToHashSet(StringComparer.Ordinal);
        var text = await File.ReadAllTextAsync(Path.Combine(ArchitectureTests.Root, "docs", document));

        var named = NamedTests().Matches(text).Select(match => match.Groups["test"].Value).Distinct().ToList();

        Assert.NotEmpty(named);
        Assert.Equal("", string.Join(", ", named.Where(test => !known.Contains(test))));
    }

    [GeneratedRegex(@"`(?<test>\w+(Tests|Journey)\.\w+)`", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex NamedTests();
}
