namespace AdminConsole.Core.Passwords;

/// <summary>A password that may be used, as it is stored, and what the audit log says of it.</summary>
public sealed record AcceptedPassword(string Hash, BreachState Breach)
{
    /// <summary>For the audit log: whether known breaches were looked through.</summary>
    public string BreachCheck => Breach switch { BreachState.Clear => "passed", BreachState.Unchecked => "unchecked", _ => "off" };
}
