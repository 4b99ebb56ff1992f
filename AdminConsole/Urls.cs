using AdminConsole.Core.Email;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.WebUtilities;

namespace AdminConsole;

/// <summary>The addresses of the pages, in one place: relative to the base of the console (<c>&lt;base href&gt;</c>),
/// which may be below a path of its host.</summary>
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
    public const string NotMe = MailLinks.NotMe;
    public const string ConfirmEmail = MailLinks.ConfirmEmail;
    public const string External = "external";
    public const string ExternalSignIn = "login/external";
    public const string LinkLogin = "account/link";
    public const string Error = "error";

    // Why the sign-in page is shown.
    public const string ProviderFailed = "provider-failed";
    public const string NotLinked = "not-linked";

    /// <summary>Leads to an identity provider, and back from it to a page.</summary>
    public static string SignInWith(string provider, string? returnUrl) =>
        $"{External}/{Uri.EscapeDataString(provider)}{QueryString.Empty.AddGiven("returnUrl", Local(returnUrl))}";

    /// <summary>Leads to an identity provider, and back to the page that links it to the account.</summary>
    public static string LinkWith(string provider) => $"{External}/{Uri.EscapeDataString(provider)}?link=true";

    /// <summary>The page of one user.</summary>
    public static string User(Guid id) => $"{Users}/{id}";

    /// <summary>The page of one role. A role that is called like another page below <c>roles </c> gets a mark that no
    /// name has.</summary>
    public static string Role(string name) =>
        $"{Roles}/{(name.Equals("compare", StringComparison.OrdinalIgnoreCase) ? "~" : "")}{Uri.EscapeDataString(name)}";

    /// <summary>The name of the role whose page has this last segment.</summary>
    public static string RoleNameOf(string segment) => segment.TrimStart('~');

    /// <summary>One section of the settings.</summary>
    public static string SettingsOf(string section) => Settings + QueryString.Create("section", section);

    /// <summary>The sign-in page that leads back afterwards.</summary>
    public static string SignIn(string? returnUrl = null, string? reason = null)
    {
        var query = QueryString.Empty;
        query = Local(returnUrl) is { } local and not "/" ? query.Add("returnUrl", local) : query;
        query = reason is null ? query : query.Add("reason", reason);
        return Login + query;
    }

    /// <summary>The page where a person approves a device, with the device's code filled in.</summary>
    public static string ForDevice(string userCode) => Device + QueryString.Create("user_code", userCode);

    /// <summary>The second step of a sign-in, which leads back afterwards too.</summary>
    public static string SignInCode(string? returnUrl) => LoginCode + QueryString.Empty.AddGiven("returnUrl", Local(returnUrl));

    /// <summary>The link to set a new password.</summary>
    public static string Reset(Uri root, string name, string token) => Link(root, ResetPassword, name, token);

    /// <summary>The link with which an invited user chooses a password.</summary>
    public static string Invite(Uri root, string name, string token) => Link(root, Invitation, name, token);

    /// <summary>Adds a part only where there is something to say.</summary>
    public static QueryString AddGiven(this QueryString query, string name, string? value) =>
        string.IsNullOrEmpty(value) ? query : query.Add(name, value);

    /// <summary>Looks up a parameter of an address's query; null where it is not given.</summary>
    public static Func<string, string?> Query(string address)
    {
        var query = QueryHelpers.ParseQuery(new Uri(address).Query);
        return name => query.TryGetValue(name, out var value) ? value.ToString() : null;
    }

    /// <summary>The page that an address leads to, relative to the base, without query and fragment.</summary>
    public static string PageOf(NavigationManager navigation, string address) => navigation.ToBaseRelativePath(address).Split('?', '#')[0];

    /// <summary>The address of a page for a redirect, below the base that the request came to.</summary>
    public static string At(HttpContext context, string page) => $"{context.Request.PathBase}/{page}";

    /// <summary>Where a sign-in leads back to: below the base, relative to it. The leading dot keeps <c>javascript:
    /// </c> and the like from being more than a path.</summary>
    public static string BackTo(string? returnUrl) => Local(returnUrl) is { } local ? "." + local : Overview;

    /// <summary>The path below the base if it stays there, else null: no link to the sign-in page leads away from this
    /// console.</summary>
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

    // Such as "/../elsewhere", which leads out of the base.
    private static bool HasDotSegments(string url) =>
        url.Split('?', '#')[0].Split('/').Any(segment => segment.Replace("%2e", ".", StringComparison.OrdinalIgnoreCase) is "." or "..");
}
