namespace AdminConsole.Core.Security;

/// <summary>The ways to sign in, as sessions and audit events store them.</summary>
public static class SignInMethods
{
    public const string Password = "password";
    public const string External = "external";
    public const string Passkey = "passkey";
}
