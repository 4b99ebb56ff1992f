using System.Reflection;
using System.Runtime.Loader;

namespace AdminConsole;

/// <summary>
/// Assemblies of the operator's own that register services, such as rules for passwords or an identity provider. The setting
/// <c>Extensions</c> lists their files, and each has ASP.NET Core's <see cref="HostingStartupAttribute"/>.
/// </summary>
/// <remarks>
/// The framework's own list (<c>ASPNETCORE_HOSTINGSTARTUPASSEMBLIES</c>) finds no file that the program wasn't built with, and starts without
/// one that it doesn't find. A rule that is silently missing would be a hole, so the program doesn't start without one of these.
/// </remarks>
public static class Extensions
{
    /// <summary>Loads the assemblies and lets them register services, after those of the program.</summary>
    public static void AddExtensions(this WebApplicationBuilder builder, IReadOnlyList<string> files)
    {
        foreach (var file in files)
        {
            foreach (var startup in Load(file).GetCustomAttributes<HostingStartupAttribute>())
            {
                ((IHostingStartup)Activator.CreateInstance(startup.HostingStartupType)!).Configure(builder.WebHost);
            }
        }
    }

    private static Assembly Load(string file)
    {
        try
        {
            var assembly = AssemblyLoadContext.Default.LoadFromAssemblyPath(file);
            return assembly.IsDefined(typeof(HostingStartupAttribute))
                ? assembly
                : throw new SettingsException($"Extensions lists assemblies with a HostingStartup attribute; '{file}' has none.");
        }
        catch (Exception exception) when (exception is IOException or BadImageFormatException)
        {
            throw new SettingsException($"Extensions lists '{file}', which can't be loaded: {exception.Message}", exception);
        }
    }
}
