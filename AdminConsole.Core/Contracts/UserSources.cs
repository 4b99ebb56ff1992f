namespace AdminConsole.Core.Contracts;

/// <summary>The source of accounts without an identity provider. Any other source is the name of one.</summary>
public static class UserSources
{
    public const string Local = "local";
}
