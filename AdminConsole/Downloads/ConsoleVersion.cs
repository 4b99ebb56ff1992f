using System.Reflection;

namespace AdminConsole.Downloads;

/// <summary>This program's version. Every answer under /cli says it, so that adminctl can tell when the two are apart.</summary>
public static class ConsoleVersion
{
    public const string Header = "AdminConsole-Version";

    public static string Current { get; } =
        typeof(ConsoleVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];
}
