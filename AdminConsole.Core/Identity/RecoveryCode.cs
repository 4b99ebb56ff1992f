using System.Security.Cryptography;
using System.Text;
using AdminConsole.Core.Common;

namespace AdminConsole.Core.Identity;

/// <summary>A code for the day the phone is lost. Using it deletes the row.</summary>
public sealed class RecoveryCode
{
    /// <summary>How many a user gets at a time.</summary>
    public const int Count = 10;

    private const int Length = 16;

    public required Guid UserId { get; init; }

    /// <summary>SHA-256 of user and code: 16 letters of an alphabet of 20, 69 bits.</summary>
    public required byte[] Hash { get; init; }

    /// <summary>The row of a code.</summary>
    internal static RecoveryCode Of(Guid userId, string code) =>
        new() { UserId = userId, Hash = HashOf(userId, code) ?? throw new ArgumentException("Not a recovery code.", nameof(code)) };

    /// <summary>A new code, in groups of four letters.</summary>
    internal static string NewText() => HumanReadableCode.Show(HumanReadableCode.Create(Length));

    /// <summary>
    /// What is kept of a code, with or without dashes; null where it can't be one. The user goes in, so that nobody
    /// looks a code up for all
    /// users at once.
    /// </summary>
    internal static byte[]? HashOf(Guid userId, string? code) =>
        HumanReadableCode.Read(code, Length) is { } letters ? SHA256.HashData(Encoding.ASCII.GetBytes($"{userId:N}{letters}")) : null;
}
