using System.Globalization;

namespace AdminConsole.EndToEnd.Faults;

/// <summary>The extent of a test: small in the suite, large under scripts/faults.sh, which sets environment
/// variables.</summary>
internal static class Amount
{
    /// <summary>The number of times a server is killed in the middle of changes.</summary>
    public static int Kills => Of("ADMINCONSOLE_FAULT_KILLS", 1);

    /// <summary>The number of audit events in one burst.</summary>
    public static int Events => Of("ADMINCONSOLE_FAULT_EVENTS", 20_000);

    /// <summary>The number of wrong passwords in one burst.</summary>
    public static int Passwords => Of("ADMINCONSOLE_FAULT_PASSWORDS", 100);

    private static int Of(string variable, int usually) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : usually;
}
