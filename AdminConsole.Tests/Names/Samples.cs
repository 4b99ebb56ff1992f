using System.Text.Json;
using AdminConsole.Tests.Architecture;

namespace AdminConsole.Tests.Names;

/// <summary>Names and addresses of the kinds that cause trouble, with what is expected of each: files under
/// Cases.</summary>
internal static class Samples
{
    /// <summary>The cells of each row; quoted ones are JSON strings.</summary>
    public static List<string[]> Read(string file) =>
        [
            .. File.ReadAllLines(PathOf(file))
                .Where(line => line.Length > 0 && line[0] != '#')
                .Select(line =>
                    line.Split('\t').Select(cell => cell.StartsWith('"') ? JsonSerializer.Deserialize<string>(cell)! : cell).ToArray()
                ),
        ];

    public static string PathOf(string file) => Path.Combine(ArchitectureTests.Root, "AdminConsole.Tests", "Cases", file);
}
