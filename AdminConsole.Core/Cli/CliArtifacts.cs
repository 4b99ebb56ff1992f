using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using AdminConsole.Core.Common;

namespace AdminConsole.Core.Cli;

/// <summary>A build of the command line that this server hands out.</summary>
/// <param name="Os"><c>linux</c>, <c>macos</c>, <c>windows</c>; <c>any</c> for the .NET tool package.</param>
/// <param name="Arch"><c>x64</c>, <c>arm64</c>; <c>any</c> for the .NET tool package.</param>
/// <param name="Version">Of the package; null where the name does not say.</param>
/// <param name="Path">The file.</param>
/// <param name="Sha256">Of the file, in hexadecimal.</param>
/// <param name="ChangedAt">When the file was written.</param>
public sealed record CliArtifact(string Os, string Arch, string? Version, string Path, string Sha256, DateTimeOffset ChangedAt)
{
    public const string Any = "any";

    public string FileName => global::System.IO.Path.GetFileName(Path);
}

/// <summary>
/// What there is of the command line: <c>adminctl-OS-ARCH </c> files and the .NET tool package, in folders of which the
/// first counts. Looked
/// for at each question, so a build that is put there later is there.
/// </summary>
public sealed partial class CliArtifacts(params string[] folders)
{
    private readonly ConcurrentDictionary<(string Path, DateTime Written, long Length), string> sums = new();

    /// <summary>Every build, one for each platform.</summary>
    public async Task<IReadOnlyList<CliArtifact>> ListAsync(CancellationToken ct)
    {
        var found = new List<CliArtifact>();
        foreach (var file in folders.Where(Directory.Exists).SelectMany(folder => new DirectoryInfo(folder).EnumerateFiles()))
        {
            if (Read(file.Name) is var (os, arch, version) && !found.Exists(known => known.Os == os && known.Arch == arch))
            {
                found.Add(
                    new CliArtifact(os, arch, version, file.FullName, await SumAsync(file, ct), new DateTimeOffset(file.LastWriteTimeUtc))
                );
            }
        }

        return found;
    }

    /// <summary>The build for a platform, as <c>uname </c> or this API calls it. Refused as <c>artifact_missing </c>,
    /// saying what there is.</summary>
    public async Task<Result<CliArtifact>> FindAsync(string? os, string? arch, CancellationToken ct)
    {
        var (system, machine) = (SystemOf(os), MachineOf(arch));
        var all = await ListAsync(ct);
        return all.FirstOrDefault(artifact => artifact.Os == system && artifact.Arch == machine) is { } found
            ? found
            : new Refusal(
                RefusalKind.NotFound,
                "artifact_missing",
                all.Count == 0
                    ? "This server carries no build of adminctl."
                    : "This server has no such build. It has: "
                        + $"{string.Join(", ", all.Select(artifact => $"os={artifact.Os}&arch={artifact.Arch}").Order(StringComparer.Ordinal))}."
            );
    }

    private static string SystemOf(string? os) =>
        os?.ToLowerInvariant() switch
        {
            null or "" => "linux",
            "darwin" or "osx" => "macos",
            "win" => "windows",
            var other => other,
        };

    private static string MachineOf(string? arch) =>
        arch?.ToLowerInvariant() switch
        {
            null or "" or "x86_64" or "amd64" => "x64",
            "aarch64" => "arm64",
            var other => other,
        };

    private static (string Os, string Arch, string? Version)? Read(string file) =>
        Binary().Match(file) is { Success: true } binary ? (binary.Groups["os"].Value, binary.Groups["arch"].Value, null)
        : Package().Match(file) is { Success: true } package ? (CliArtifact.Any, CliArtifact.Any, package.Groups["version"].Value)
        : null;

    private async Task<string> SumAsync(FileInfo file, CancellationToken ct)
    {
        var key = (file.FullName, file.LastWriteTimeUtc, file.Length);
        if (!sums.TryGetValue(key, out var sum))
        {
            await using var stream = file.OpenRead();
            sums[key] = sum = Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, ct));
        }

        return sum;
    }

    [GeneratedRegex(@"^adminctl-(?<os>[a-z]+)-(?<arch>[a-z0-9]+)(\.exe)?$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Binary();

    [GeneratedRegex(@"^AdminConsole\.Cli\.(?<version>\d+\.\d+\.\d+[0-9A-Za-z.-]*)\.nupkg$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Package();
}
