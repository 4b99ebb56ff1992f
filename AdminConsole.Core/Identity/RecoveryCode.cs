using System.Security.Cryptography;
using System.Text;
using AdminConsole.Core.Common;

namespace AdminConsole.Core.Identity;

/// <summary>A recovery code, for users without access to their authenticator app. Redeeming a code deletes its
/// row.</summary>
public sealed class RecoveryCode
{
    /// <summary>The number of codes that a user gets at a time.</summary>
    public const int Count = 10;

    private const int Length = 16;

    public required Guid UserId { get; init; }

    /// <summary>The SHA-256 hash of user and code. A code is 16 letters of a 20-letter alphabet, 69 bits.</summary>
    public required byte[] Hash { get; init; }

    /// <summary>Creates the row for a code.</summary>
    internal static RecoveryCode Of(Guid userId, string code) =>
        new() { UserId = userId, Hash = HashOf(userId, code) ?? throw new ArgumentException("Not a recovery code.", nameof(code)) };

    /// <summary>Generates a code in groups of four letters.</summary>
    internal static string NewText() => HumanReadableCode.Show(HumanReadableCode.Create(Length));

    /// <summary>Returns the stored hash of a code, with or without dashes; null if the code is malformed. The user is
    /// part of the hash, so that a code cannot be looked up for all users at once.</summary>
    internal static byte[]? HashOf(Guid userId, string? code) =>
        HumanReadableCode.Read(code, Length) is { } normalized ? SHA256.HashData(Encoding.ASCII.GetBytes($"{userId:N}{normalized}")) : null;
}
