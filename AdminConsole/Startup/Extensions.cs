using System.Reflection;
using System.Runtime.Loader;

namespace AdminConsole.Startup;

/// <summary>
/// Assemblies that add services to the program, such as rules for passwords or an identity provider. The setting
/// <c>Extensions </c> lists
/// their files, and each has ASP.NET Core's <see cref="HostingStartupAttribute"/>.
/// </summary>
/// <remarks>
/// The framework's own list (<c>ASPNETCORE_HOSTINGSTARTUPASSEMBLIES</c>) finds no file that the program wasn't built
/// with, and starts
/// without
/// one that it doesn't find. A missing rule must not go unnoticed, so the program doesn't start without one of these.
/// </remarks>
public static class Extensions
{
    /// <summary>Loads the assemblies and lets them register services, after those of the program.</summary>
    public static void AddExtensions(this WebApplicationBuilder builder, IReadOnlyList<string> files)
    {
        foreach (var file in files)
        {
            try
            {
                Run(file, builder.WebHost);
            }
            // Code that isn't ours: it may throw anything.
            catch (Exception exception) when (exception is not SettingsException)
            {
                throw new SettingsException($"Extensions lists '{file}', which can't be loaded: {exception.Message}", exception);
            }
        }
    }

    private static void Run(string file, IWebHostBuilder host)
    {
        // Packages that the assembly needs and the program doesn't have are beside it, as its .deps.json says.
        var dependencies = new AssemblyDependencyResolver(file);
        AssemblyLoadContext.Default.Resolving += (context, name) =>
            dependencies.ResolveAssemblyToPath(name) is { } path ? context.LoadFromAssemblyPath(path) : null;
        var startups = AssemblyLoadContext.Default.LoadFromAssemblyPath(file).GetCustomAttributes<HostingStartupAttribute>().ToList();
        if (startups.Count == 0)
        {
            throw new SettingsException($"Extensions lists assemblies with a HostingStartup attribute; '{file}' has none.");
        }

        startups.ForEach(startup => ((IHostingStartup)Activator.CreateInstance(startup.HostingStartupType)!).Configure(host));
    }
}
