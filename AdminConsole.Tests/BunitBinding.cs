using System.Runtime.CompilerServices;
using System.Runtime.Loader;

namespace AdminConsole.Tests;

/// <summary>bUnit asks for AngleSharp.Diffing 1.0, which cannot be restored; 0.17 serves (docs/decisions/0003).</summary>
internal static class BunitBinding
{
#pragma warning disable CA2255 // The handler must stand before anything touches bUnit.
    [ModuleInitializer]
#pragma warning restore CA2255
    internal static void Install() => AssemblyLoadContext.Default.Resolving += (context, name) => name.Name == "AngleSharp.Diffing"
        ? context.LoadFromAssemblyPath(Path.Combine(AppContext.BaseDirectory, "AngleSharp.Diffing.dll"))
        : null;
}
