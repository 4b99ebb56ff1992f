namespace AdminConsole.Commands;

/// <summary>A verb of the server's own command line: <c>AdminConsole VERB …</c>.</summary>
public sealed record ServerCommand(Func<Task<int>> RunAsync)
{
    /// <summary>The verb that the arguments begin with; null where they start the server.</summary>
    public static ServerCommand? Find(string[] args) => args switch
    {
        ["recover-admin", .. var rest] => new ServerCommand(() => RecoverAdmin.RunAsync(rest)),
        ["seed-demo", .. var rest] => new ServerCommand(() => SeedDemo.RunAsync(rest)),
        _ => null,
    };
}
