using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using AdminConsole.Core.Common;

namespace AdminConsole.Core.Cli;

/// <summary>A build of adminctl that this server offers for download.</summary>
/// <param name="Os"><c>linux</c>, <c>macos</c>, <c>windows</c>; <c>any</c> for the .NET tool package.</param>
/// <param name="Arch"><c>x64</c>, <c>arm64</c>; <c>any</c> for the .NET tool package.</param>
/// <param name="Version">The version of the package; null when the file name contains none.</param>
/// <param name="Path">The path of the file.</param>
/// <param name="Sha256">The SHA-256 of the file, in hexadecimal.</param>
/// <param name="ChangedAt">The time at which the file was last written.</param>
public sealed record CliArtifact(string Os, string Arch, string? Version, string Path, string Sha256, DateTimeOffset ChangedAt)
{
    public const string Any = "any";

    public string FileName => global::System.IO.Path.GetFileName(Path);
}

/// <summary>Finds the builds of adminctl: <c>adminctl-OS-ARCH</c> files and the .NET tool package. The first folder
/// that has a build takes precedence. Searches on each call, so builds added later are found.</summary>
public sealed partial class CliArtifacts(params string[] folders)
{
    private readonly ConcurrentDictionary<(string Path, DateTime Written, long Length), string> sums = new();

    /// <summary>Returns every build, one per platform.</summary>
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

    /// <summary>Returns the build for a platform, named as by <c>uname</c> or by this API. Refused as
    /// <c>artifact_missing</c>, with the list of available builds.</summary>
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
                        + string.Join(", ", all.Select(artifact => $"os={artifact.Os}&arch={artifact.Arch}").Order(StringComparer.Ordinal))
                        + "."
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
