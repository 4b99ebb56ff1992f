using System.Reflection;
using System.Runtime.Loader;

namespace AdminConsole.Startup;

/// <summary>Loads assemblies that add services, such as password rules or an identity provider. The setting
/// <c>Extensions</c> lists their files. Each has ASP.NET Core's <see cref="HostingStartupAttribute"/>.</summary>
/// <remarks>The framework's own list (<c>ASPNETCORE_HOSTINGSTARTUPASSEMBLIES</c>) only finds files that the program was
/// built with, and ignores missing ones. A missing rule must not go unnoticed, so the program does not start without
/// these.</remarks>
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
            // Third-party code may throw any exception.
            catch (Exception exception) when (exception is not SettingsException)
            {
                throw new SettingsException($"Extensions lists '{file}', which can't be loaded: {exception.Message}", exception);
            }
        }
    }

    private static void Run(string file, IWebHostBuilder host)
    {
        // The assembly's dependencies that the program lacks are in the same directory, as listed in its .deps.json.
        var dependencies = new AssemblyDependencyResolver(file);
        AssemblyLoadContext.Default.Resolving += (context, name) =>
            dependencies.ResolveAssemblyToPath(name) is { } path ? context.LoadFromAssemblyPath(path) : null;
        var startups = AssemblyLoadContext.Default.LoadFromAssemblyPath(file).GetCustomAttributes<HostingStartupAttribute>().ToList();
        if (startups.Count == 0)
        {
            throw new SettingsException($"Extensions must list assemblies with a HostingStartup attribute; '{file}' has none.");
        }

        startups.ForEach(startup => ((IHostingStartup)Activator.CreateInstance(startup.HostingStartupType)!).Configure(host));
    }
}
