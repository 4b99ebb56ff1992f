using AdminConsole.Core.Email;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.WebUtilities;

namespace AdminConsole;

/// <summary>The URLs of all pages, relative to the console's base (<c>&lt;base href&gt;</c>). The base may be below a
/// path of its host.</summary>
public static class Urls
{
    public const string Overview = "";
    public const string Users = "users";
    public const string Sessions = "sessions";
    public const string Tokens = "tokens";
    public const string OwnTokens = MailLinks.OwnTokens;
    public const string Roles = "roles";
    public const string CompareRoles = "roles/compare";
    public const string Settings = "settings";
    public const string Providers = "settings/providers";
    public const string NewProvider = "settings/providers/new";
    public const string System = "system";
    public const string Audit = "audit";
    public const string Profile = "account/profile";
    public const string OwnSessions = "account/sessions";
    public const string Device = "device";
    public const string Install = "install";
    public const string ChangePassword = "account/password";
    public const string Security = MailLinks.Security;
    public const string Login = "login";
    public const string LoginCode = "login/code";
    public const string Logout = "logout";
    public const string Setup = "setup";
    public const string ForgotPassword = "forgot-password";
    public const string ResetPassword = MailLinks.ResetPassword;
    public const string Invitation = MailLinks.Invitation;
    public const string ReportSignIn = MailLinks.ReportSignIn;
    public const string ConfirmEmail = MailLinks.ConfirmEmail;
    public const string External = "external";
    public const string ExternalSignIn = "login/external";
    public const string LinkLogin = "account/link";
    public const string Error = "error";

    // Values of the "reason" parameter of the sign-in page.
    public const string ProviderFailed = "provider-failed";
    public const string NotLinked = "not-linked";

    /// <summary>The URL that starts a sign-in at an identity provider and then returns to
    /// <paramref name="returnUrl"/>.</summary>
    public static string SignInWith(string provider, string? returnUrl) =>
        $"{External}/{Uri.EscapeDataString(provider)}{QueryString.Empty.AddGiven("returnUrl", Local(returnUrl))}";

    /// <summary>The URL that starts linking an identity provider. The provider returns to the page that confirms the
    /// link.</summary>
    public static string LinkWith(string provider) => $"{External}/{Uri.EscapeDataString(provider)}?link=true";

    /// <summary>The URL of the page of an identity provider in the database.</summary>
    public static string Provider(Guid id) => $"{Providers}/{id}";

    /// <summary>The URL of the page that shows the last test sign-in with a provider.</summary>
    public static string ProviderTest(Guid id) => $"{Provider(id)}/test";

    /// <summary>The URL that starts a test sign-in with a provider, which writes nothing.</summary>
    public static string TestProvider(Guid id) => $"oidc/{id}/sign-in?test=true";

    /// <summary>The URL that starts a sign-in with a provider and then returns to
    /// <paramref name="returnUrl"/>.</summary>
    public static string SignInWithProvider(Guid id, string? returnUrl) =>
        $"oidc/{id}/sign-in{QueryString.Empty.AddGiven("returnUrl", Local(returnUrl))}";

    /// <summary>The URL that asks for a new sign-in at a provider, as a confirmation of the user's identity.</summary>
    public static string ConfirmWithProvider(Guid id, string? returnUrl) =>
        $"oidc/{id}/sign-in{QueryString.Create("fresh", "true").AddGiven("returnUrl", Local(returnUrl))}";

    /// <summary>The URL that starts linking a provider to the user's account.</summary>
    public static string LinkWithProvider(Guid id) => $"oidc/{id}/sign-in?link=true";

    /// <summary>The URL of a user's page.</summary>
    public static string User(Guid id) => $"{Users}/{id}";

    /// <summary>The URL of a role's page. A role named like another page below <c>roles</c> gets a prefix that no role
    /// name can have.</summary>
    public static string Role(string name) =>
        $"{Roles}/{(name.Equals("compare", StringComparison.OrdinalIgnoreCase) ? "~" : "")}{Uri.EscapeDataString(name)}";

    /// <summary>Returns the name of the role for the last path segment of its page.</summary>
    public static string RoleNameOf(string segment) => segment.TrimStart('~');

    /// <summary>The URL of one section of the settings page.</summary>
    public static string SettingsOf(string section) => Settings + QueryString.Create("section", section);

    /// <summary>The URL of the sign-in page. After the sign-in, it redirects to <paramref name="returnUrl"/>.</summary>
    public static string SignIn(string? returnUrl = null, string? reason = null, Guid? provider = null)
    {
        var query = QueryString.Empty;
        query = Local(returnUrl) is { } local and not "/" ? query.Add("returnUrl", local) : query;
        query = reason is null ? query : query.Add("reason", reason);
        return Login + query.AddGiven("provider", provider?.ToString());
    }

    /// <summary>The URL of the page where a user approves a device, with the user code filled in.</summary>
    public static string ForDevice(string userCode) => Device + QueryString.Create("user_code", userCode);

    /// <summary>The URL of the two-factor step of a sign-in, which also redirects to <paramref name="returnUrl"/>
    /// afterwards.</summary>
    public static string SignInCode(string? returnUrl) => LoginCode + QueryString.Empty.AddGiven("returnUrl", Local(returnUrl));

    /// <summary>The absolute URL of the link to set a new password.</summary>
    public static string Reset(Uri root, string name, string token) => Link(root, ResetPassword, name, token);

    /// <summary>The absolute URL of the link with which an invited user chooses a password.</summary>
    public static string Invite(Uri root, string name, string token) => Link(root, Invitation, name, token);

    /// <summary>Adds a query parameter unless its value is null or empty.</summary>
    public static QueryString AddGiven(this QueryString query, string name, string? value) =>
        string.IsNullOrEmpty(value) ? query : query.Add(name, value);

    /// <summary>Returns a function that looks up a query parameter of an absolute URL. A missing parameter is
    /// null.</summary>
    public static Func<string, string?> Query(string address)
    {
        var query = QueryHelpers.ParseQuery(new Uri(address).Query);
        return name => query.TryGetValue(name, out var value) ? value.ToString() : null;
    }

    /// <summary>Returns the page of an absolute URL, relative to the base, without query and fragment.</summary>
    public static string PageOf(NavigationManager navigation, string address) => navigation.ToBaseRelativePath(address).Split('?', '#')[0];

    /// <summary>Returns the path of a page for a redirect, below the path base of the request.</summary>
    public static string At(HttpContext context, string page) => $"{context.Request.PathBase}/{page}";

    /// <summary>Returns the URL to open after a sign-in, relative to the base. The leading dot makes a value such as
    /// <c>javascript:</c> a path, never a scheme.</summary>
    public static string BackTo(string? returnUrl) => Local(returnUrl) is { } local ? "." + local : Overview;

    /// <summary>Returns the URL if it is a path below the base, otherwise null. Prevents open redirects after the
    /// sign-in.</summary>
    public static string? Local(string? url) =>
        url is ['/', ..]
        && url is not ['/', '/' or '\\', ..]
        && !url.Any(char.IsControl)
        && !url.Contains('\\', StringComparison.Ordinal)
        && !HasDotSegments(url)
            ? url
            : null;

    private static string Link(Uri root, string page, string name, string token) =>
        root.GetLeftPart(UriPartial.Path).TrimEnd('/') + "/" + page + new QueryString().Add("email", name).Add("token", token);

    // Dot segments, such as "/../elsewhere", lead out of the base.
    private static bool HasDotSegments(string url) =>
        url.Split('?', '#')[0].Split('/').Any(segment => segment.Replace("%2e", ".", StringComparison.OrdinalIgnoreCase) is "." or "..");
}
