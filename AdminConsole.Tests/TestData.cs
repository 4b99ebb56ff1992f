using AdminConsole.Core.Contracts;
using AdminConsole.Core.Security;

namespace AdminConsole.Tests;

/// <summary>Inputs that are valid and nobody else's, for tests that don't care which.</summary>
public static class TestData
{
    /// <summary>The administrator that every prepared app begins with.</summary>
    public const string AdminEmail = "admin@example.com";

    /// <summary>The password of everybody whose test doesn't care.</summary>
    public const string Password = "correct horse battery 1";

    public const string NewPassword = "another horse battery 2";

    private static int counter;

    public static string Name(string prefix = "user") => $"{prefix}-{Interlocked.Increment(ref counter)}";

    public static string Email(string prefix = "user") => $"{Name(prefix)}@example.com";

    /// <summary>Core's verbs, called as the program itself.</summary>
    public static Actor System { get; } = Actor.System("test");

    public static CreateUserRequest User(string? email = null, string? password = null, params string[] roles) =>
        new()
        {
            Email = email ?? Email(),
            Password = password,
            Roles = roles.Length == 0 ? null : roles,
        };
}
