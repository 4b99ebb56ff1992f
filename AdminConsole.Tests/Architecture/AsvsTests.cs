using System.Text.RegularExpressions;

namespace AdminConsole.Tests.Architecture;

/// <summary>The tests named in the documents exist.</summary>
public sealed partial class AsvsTests
{
    [Theory]
    [InlineData("asvs.md")]
    [InlineData("security.md")]
    public async Task Every_test_that_the_document_names_exists(string document)
    {
        // Reads the source, because the two test projects do not reference each other.
        var known = ArchitectureTests
            .Sources("AdminConsole.Tests")
            .Concat(ArchitectureTests.Sources("AdminConsole.EndToEnd"))
            .SelectMany(source =>
                Methods()
                    .Matches(source.Text)
                    .Select(method => $"{Path.GetFileName(source.Name).Split('.')[0]}.{method.Groups["name"].Value}")
            )
            .ToHashSet(StringComparer.Ordinal);
        var text = await File.ReadAllTextAsync(Path.Combine(ArchitectureTests.Root, "docs", document));

        var named = NamedTests().Matches(text).Select(match => match.Groups["test"].Value).Distinct().ToList();

        Assert.NotEmpty(named);
        Assert.Equal("", string.Join(", ", named.Where(test => !known.Contains(test))));
    }

    [GeneratedRegex(@"`(?<test>\w+(Tests|Journey)\.\w+)`", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex NamedTests();

    [GeneratedRegex(
        @"^ +\[(Fact|Theory|On)[^\n]*\n(^ +\S[^\n]*\n)*?^ +public (async )?(Task|void) (?<name>\w+)\(",
        RegexOptions.ExplicitCapture | RegexOptions.Multiline,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Methods();
}
