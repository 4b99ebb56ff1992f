using System.Text.Json;
using AdminConsole.Tests.Architecture;

namespace AdminConsole.Tests.Names;

/// <summary>Difficult names and addresses with the expected results, in files under Cases.</summary>
internal static class Samples
{
    /// <summary>Reads the cells of each row; quoted cells are JSON strings.</summary>
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
