namespace AdminConsole.Benchmarks;

internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("adminconsole-bench-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
