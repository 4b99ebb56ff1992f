using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Loader;

namespace AdminConsole.Core.Data;

/// <summary>
/// Lets EF Core's SQLite provider run on SQLitePCLRaw 2.0, the newest that can be restored, and on the system's patched SQLite
/// library where it is new enough (docs/decisions/0002).
/// </summary>
internal static class SqliteBinding
{
    private const int ConfigMultiThread = 2;
    private const int ConfigMemoryStatus = 9;
    private const int OldestSystemLibrary = 3_035_000;

    /// <summary>True where the machine's own library serves; the bundled one sleeps whole seconds when busy.</summary>
    public static bool UsesSystemLibrary { get; private set; }

#pragma warning disable CA2255 // The provider must be replaced before anything touches it, whoever comes first.
    [ModuleInitializer]
#pragma warning restore CA2255
    internal static void Install()
    {
        AssemblyLoadContext.Default.Resolving += (context, name) => name.Name == "SQLitePCLRaw.core"
            ? context.LoadFromAssemblyPath(Path.Combine(AppContext.BaseDirectory, "SQLitePCLRaw.core.dll"))
            : null;
        UseProvider();
    }

    // A method of its own, because the handler above must stand before SQLitePCL's types are loaded.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void UseProvider()
    {
        NativeLibrary.SetDllImportResolver(typeof(SQLitePCL.SQLite3Provider_e_sqlite3).Assembly, (_, _, _) => SystemLibrary());
        SQLitePCL.raw.SetProvider(new SQLitePCL.SQLite3Provider_e_sqlite3());
        // A connection is never used by two threads at once, so each look at a column need not take its lock.
        SQLitePCL.raw.sqlite3_config(ConfigMultiThread);
        // Its memory statistics take a global lock.
        SQLitePCL.raw.sqlite3_config(ConfigMemoryStatus, 0);
    }

    private static unsafe nint SystemLibrary()
    {
        if (!NativeLibrary.TryLoad("libsqlite3.so.0", out var library))
        {
            return 0;
        }

        var version = (delegate* unmanaged<int>)NativeLibrary.GetExport(library, "sqlite3_libversion_number");
        var compiledWith = (delegate* unmanaged<byte*, int>)NativeLibrary.GetExport(library, "sqlite3_compileoption_used");
        fixed (byte* fts5 = "ENABLE_FTS5\0"u8)
        {
            UsesSystemLibrary = version() >= OldestSystemLibrary && compiledWith(fts5) == 1;
        }

        return UsesSystemLibrary ? library : 0;
    }
}
