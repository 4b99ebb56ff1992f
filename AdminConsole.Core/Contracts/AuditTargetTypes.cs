namespace AdminConsole.Core.Contracts;

/// <summary>The types of audit targets, as <see cref="AuditTarget.Type"/> and change notices have them.</summary>
public static class AuditTargetTypes
{
    public const string User = "user";
    public const string Role = "role";
    public const string Session = "session";
    public const string Token = "token";
    public const string Device = "device";
    public const string Settings = "settings";
    public const string Mail = "mail";
    public const string Provider = "provider";
}
