using System.Globalization;

namespace AdminConsole.EndToEnd.Faults;

/// <summary>How much of something a test does: a little in the suite, much under scripts/faults.sh, which says so in
/// the environment.</summary>
internal static class Amount
{
    /// <summary>How often a server is killed in the middle of changes.</summary>
    public static int Kills => Of("ADMINCONSOLE_FAULT_KILLS", 1);

    /// <summary>How many audit events come in one burst.</summary>
    public static int Events => Of("ADMINCONSOLE_FAULT_EVENTS", 20_000);

    /// <summary>How many wrong passwords come at once.</summary>
    public static int Passwords => Of("ADMINCONSOLE_FAULT_PASSWORDS", 100);

    private static int Of(string variable, int usually) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : usually;
}
