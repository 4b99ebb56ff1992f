namespace AdminConsole.Components.Pages.Users;

/// <summary>How a new user gets to sign in.</summary>
public enum SignInWay
{
    Invitation,
    Link,
    Password,
    Later,
}
