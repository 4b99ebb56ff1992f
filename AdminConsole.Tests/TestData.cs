using AdminConsole.Core.Contracts;
using AdminConsole.Core.Security;

namespace AdminConsole.Tests;

/// <summary>Valid, unique inputs for tests that do not depend on the values.</summary>
public static class TestData
{
    /// <summary>The administrator of every prepared app.</summary>
    public const string AdminEmail = "admin@example.com";

    /// <summary>The default password of test users.</summary>
    public const string Password = "correct horse battery 1";

    public const string NewPassword = "another horse battery 2";

    private static int counter;

    public static string Name(string prefix = "user") => $"{prefix}-{Interlocked.Increment(ref counter)}";

    public static string Email(string prefix = "user") => $"{Name(prefix)}@example.com";

    /// <summary>The actor of operations that the program itself performs.</summary>
    public static Actor System { get; } = Actor.System("test");

    public static CreateUserRequest User(string? email = null, string? password = null, params string[] roles) =>
        new()
        {
            Email = email ?? Email(),
            Password = password,
            Roles = roles.Length == 0 ? null : roles,
        };
}
