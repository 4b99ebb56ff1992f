namespace AdminConsole.Core.Security;

/// <summary>The ways to sign in, as sessions and audit events store them.</summary>
public static class SignInMethods
{
    public const string Password = "password";
    public const string External = "external";

    /// <summary>An identity provider that verified a second factor, which counts here.</summary>
    public const string ExternalWithSecondFactor = "external+mfa";

    public const string Passkey = "passkey";
}
