using System.Reflection;

namespace AdminConsole.Cli;

/// <summary>The version of this program. Every response under /cli contains it, so that adminctl can detect a
/// mismatch.</summary>
public static class ConsoleVersion
{
    public const string Header = "AdminConsole-Version";

    /// <summary>The version with the commit it was built from, after a +. Without a commit when built outside of a Git
    /// checkout.</summary>
    public static string WithCommit { get; } =
        typeof(ConsoleVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    public static string Current { get; } = WithCommit.Split('+')[0];
}
