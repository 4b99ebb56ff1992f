using AdminConsole.Core.Data;
using AdminConsole.Core.Names;

namespace AdminConsole.Core.Passwords;

/// <summary>A password that may be used, as it is stored, and what the audit log says of it.</summary>
public sealed record AcceptedPassword(string Hash, BreachState Breach)
{
    /// <summary>For the audit log: whether known breaches were looked through.</summary>
    public string BreachCheck => Breach switch { BreachState.Clear => "passed", BreachState.Unchecked => "unchecked", _ => "off" };
}

/// <summary>
/// Every path that sets a password calls this before its change begins: the policy, how easily it is guessed, known breaches, then the hash.
/// </summary>
public sealed class NewPassword(AppDbContext db, BreachCheck breaches, PasswordHashing hashing)
{
    /// <summary>
    /// The password, accepted. Refused under <paramref name="field"/> where the policy says no, it is easy to guess or a breach is known,
    /// or as <c>busy</c>.
    /// Never inside a change: estimating takes as long as hashing.
    /// </summary>
    public async Task<Result<AcceptedPassword>> AcceptAsync(string password, string field, PasswordOwner owner)
    {
        // What is judged is what is hashed.
        password = UnicodeText.Compose(password);
        if (PasswordPolicy.Check(password, await MinimumLengthAsync(), field, owner) is { } refused)
        {
            return refused;
        }

        var estimated = await hashing.QueuedAsync(() => PasswordStrength.Weakness(password, owner));
        if ((estimated.Refusal ?? (estimated.Value is { } weakness ? Refusal.InvalidField(field, weakness) : null)) is { } weak)
        {
            return weak;
        }

        var breach = await breaches.CheckAsync(password);
        return breach == BreachState.Breached
            ? Refusal.InvalidField(field, "This password is in a known data breach. Choose another.")
            : (await hashing.HashAsync(password)).Then(hash => new AcceptedPassword(hash, breach));
    }

    /// <summary>How many characters a password has at least, for hints.</summary>
    public async Task<int> MinimumLengthAsync() => (await db.SettingsAsync(CancellationToken.None)).PasswordMinimumLength;
}
