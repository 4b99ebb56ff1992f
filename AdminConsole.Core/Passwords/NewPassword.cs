using AdminConsole.Core.Data;
using AdminConsole.Core.Names;

namespace AdminConsole.Core.Passwords;

/// <summary>A password that may be used, as it is stored, and what the audit log says of it.</summary>
public sealed record AcceptedPassword(string Hash, BreachState Breach)
{
    /// <summary>For the audit log: whether known breaches were looked through.</summary>
    public string BreachCheck => Breach switch { BreachState.Clear => "passed", BreachState.Unchecked => "unchecked", _ => "off" };
}

/// <summary>What every path that sets a password goes through, before its change begins: the policy, known breaches, then the hash.</summary>
public sealed class NewPassword(AppDbContext db, BreachCheck breaches, PasswordHashing hashing)
{
    /// <summary>The password, accepted. Refused under <paramref name="field"/> where the policy says no or a breach is known, or as <c>busy</c>.</summary>
    public async Task<Result<AcceptedPassword>> AcceptAsync(string password, string field, params string?[] names)
    {
        // What is judged is what is hashed.
        password = UnicodeText.Compose(password);
        if (PasswordPolicy.Check(password, await MinimumLengthAsync(), field, names) is { } weak)
        {
            return weak;
        }

        var breach = await breaches.CheckAsync(password);
        return breach == BreachState.Breached
            ? Refusal.InvalidField(field, "This password is in a known data breach, so it is among the first that are tried. Choose another.")
            : (await hashing.HashAsync(password)).Then(hash => new AcceptedPassword(hash, breach));
    }

    /// <summary>How many characters a password has at least, for hints.</summary>
    public async Task<int> MinimumLengthAsync() => (await db.SettingsAsync(CancellationToken.None)).PasswordMinimumLength;
}
