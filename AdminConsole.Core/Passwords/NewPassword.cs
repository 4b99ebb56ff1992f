using AdminConsole.Core.Data;

namespace AdminConsole.Core.Passwords;

/// <summary>What every path that sets a password goes through, before its change begins: the policy, then the hash.</summary>
public sealed class NewPassword(AppDbContext db, PasswordHashing hashing)
{
    /// <summary>The password's hash. Refused under <paramref name="field"/> where the policy says no, or as <c>busy</c>.</summary>
    public async Task<Result<string>> HashAsync(string password, string field, params string?[] names) =>
        PasswordPolicy.Check(password, await MinimumLengthAsync(), field, names) is { } weak ? weak : await hashing.HashAsync(password);

    /// <summary>How many characters a password has at least, for hints.</summary>
    public async Task<int> MinimumLengthAsync() => (await db.SettingsAsync(CancellationToken.None)).PasswordMinimumLength;
}
