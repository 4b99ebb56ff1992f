using System.Reflection;

namespace AdminConsole.Cli;

/// <summary>This program's version. Every answer under /cli says it, so that adminctl can tell when the two are
/// apart.</summary>
public static class ConsoleVersion
{
    public const string Header = "AdminConsole-Version";

    /// <summary>The same with the commit that it was built from, behind a +; without one where it was built outside of
    /// a Git checkout.</summary>
    public static string WithCommit { get; } =
        typeof(ConsoleVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    public static string Current { get; } = WithCommit.Split('+')[0];
}
