using System.Collections.Frozen;

namespace AdminConsole.Core.Identity.Passwords;

/// <summary>The 10,000 most common passwords, which attackers try first. <c>common-passwords.txt</c> names its
/// source.</summary>
internal static class CommonPasswords
{
    private static readonly Lazy<FrozenSet<string>> List = new(Read);

    /// <summary>Returns whether the list contains the password, ignoring case.</summary>
    public static bool Contains(string password) => List.Value.Contains(password);

    private static FrozenSet<string> Read()
    {
        using var reader = new StreamReader(typeof(CommonPasswords).Assembly.GetManifestResourceStream("common-passwords.txt")!);
        return reader
            .ReadToEnd()
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Where(line => !line.StartsWith("##", StringComparison.Ordinal))
            .ToFrozenSet(StringComparer.OrdinalIgnoreCase);
    }
}
