namespace AdminConsole.Commands;

internal static class SeedDemo
{
    public static Task<int> RunAsync(string[] args) => Task.FromResult(args.Length);
}
