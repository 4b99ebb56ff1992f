namespace AdminConsole.Components.Pages.Users;

/// <summary>How a new user first signs in.</summary>
public enum SignInWay
{
    Invitation,
    Link,
    Password,
    Later,
}
