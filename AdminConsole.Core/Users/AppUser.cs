using AdminConsole.Core.Contracts;
using AdminConsole.Core.Names;
using AdminConsole.Core.Security;
using Microsoft.AspNetCore.Identity;

namespace AdminConsole.Core.Users;

/// <summary>A person who may sign in. Changes by its verbs only, inside a change.</summary>
public sealed class AppUser : IdentityUser<Guid>
{
    // Folded text has no lower-case letters, so no text that anybody types equals one with this in it.
    internal const string DuplicateMark = "~duplicate-";

    // Such a letter, so that no search for the first letter of an address finds it.
    private const string NoEmailMark = "n";

    private const int MaxNormalized = 256;

    public string DisplayName { get; private set; } = "";

    /// <summary>The name of the user where one is enough, which also signs in: the email, or the username of an account
    /// without one.</summary>
    public string SignInName => Email ?? UserName!;

    /// <summary>
    /// What a search looks in: email, if there is one, username and display name, folded, each after a line break,
    /// which marks its
    /// beginning.
    /// </summary>
    public string SearchText { get; private set; } = "";

    public bool Active { get; private set; } = true;

    public bool MustChangePassword { get; private set; }

    public DateTimeOffset CreatedAt { get; private init; }

    public DateTimeOffset UpdatedAt { get; private set; }

    public DateTimeOffset? LastSignInAt { get; private set; }

    public DateTimeOffset? DeactivatedAt { get; private set; }

    public Guid? DeactivatedById { get; private set; }

    public string? DeactivatedByName { get; private set; }

    public string? DeactivatedReason { get; private set; }

    public DateTimeOffset? DeactivatedUntil { get; private set; }

    /// <summary>Set from a lockdown until the user is activated again.</summary>
    public DateTimeOffset? LockedDownAt { get; private set; }

    /// <summary>
    /// A complete user without a way to sign in. The names are trimmed and unique by the caller's check; one of email
    /// and username
    /// may be null.
    /// </summary>
    public static AppUser Create(string? email, string? userName, string? displayName, DateTimeOffset now)
    {
        var user = new AppUser
        {
            Id = Guid.CreateVersion7(now),
            CreatedAt = now,
            SecurityStamp = Secret.Create(),
        };
        user.Rename(email, userName ?? email!, displayName ?? DefaultDisplayName(email, userName), now);
        return user;
    }

    /// <summary>The names of a user who doesn't exist yet, to judge a password by.</summary>
    public static AppUser Draft(string? email, string? userName, string? displayName) =>
        Create(email, userName, displayName, DateTimeOffset.UnixEpoch);

    /// <summary>The display name of a user who is given none: the part of the email before the @, or the
    /// username.</summary>
    public static string DefaultDisplayName(string? email, string? userName) => email?.Split('@')[0] ?? userName ?? "";

    /// <summary>The username with another email: a username that is the email follows it.</summary>
    public string UserNameWith(string? email) => email is not null && UserName == Email ? email : UserName!;

    public void Rename(string? email, string userName, string displayName, DateTimeOffset now)
    {
        // A name that stays keeps its mark, if it has one.
        (UserName, NormalizedUserName) =
            userName == UserName ? (UserName, NormalizedUserName) : (EmailAddress.Compose(userName), EmailAddress.Fold(userName));
        (Email, NormalizedEmail) =
            email is null ? (null, NormalizedWithoutEmail(NormalizedUserName!, Id))
            : email == Email ? (Email, NormalizedEmail)
            : (EmailAddress.Compose(email), EmailAddress.Fold(email));
        EmailConfirmed = Email is not null;
        DisplayName = UnicodeText.Compose(displayName);
        SearchText = SearchTextOf(Email, UserName!, DisplayName);
        Touch(now);
    }

    public void Activate(DateTimeOffset now)
    {
        Active = true;
        (DeactivatedAt, DeactivatedById, DeactivatedByName, DeactivatedReason, DeactivatedUntil) = (null, null, null, null, null);
        LockedDownAt = null;
        Touch(now);
    }

    /// <summary>Keeps the user out, for good or until a time of day to the microsecond.</summary>
    public void Deactivate(Actor by, DateTimeOffset now, string? reason, DateTimeOffset? until)
    {
        // A lockdown outlives a deactivation, but not an activation, even by a program that knows no lockdowns.
        LockedDownAt = Active ? null : LockedDownAt;
        Active = false;
        (DeactivatedAt, DeactivatedById, DeactivatedByName, DeactivatedReason, DeactivatedUntil) = (now, by.UserId, by.Name, reason, until);
        Touch(now);
    }

    /// <summary>Keeps the user out after an incident, for good.</summary>
    public void LockDown(Actor by, DateTimeOffset now, string reason)
    {
        Deactivate(by, now, reason, until: null);
        LockedDownAt = now;
    }

    /// <summary>Takes a password that is already hashed.</summary>
    public void SetPassword(string hash, bool mustChange, DateTimeOffset now)
    {
        PasswordHash = hash;
        MustChangePassword = mustChange;
        SecurityStamp = Secret.Create();
        Touch(now);
    }

    /// <summary>Takes another password, already hashed, or none. It need not be changed; Identity renews the security
    /// stamp.</summary>
    public void ReplacePassword(string? hash, DateTimeOffset now)
    {
        (PasswordHash, MustChangePassword) = (hash, false);
        Touch(now);
    }

    /// <summary>Invalidates what was signed with the security stamp: sign-ins that wait for their second step, and
    /// enrolments that wait for their first code.</summary>
    public void EndPendingSignIns() => SecurityStamp = Secret.Create();

    public void RequirePasswordChange(DateTimeOffset now)
    {
        MustChangePassword = true;
        Touch(now);
    }

    public void SignedIn(DateTimeOffset now) => LastSignInAt = now;

    public void LockOut(DateTimeOffset until) => LockoutEnd = until;

    public void Unlock(DateTimeOffset now)
    {
        LockoutEnd = null;
        Touch(now);
    }

    /// <summary>A change of what belongs to the user but stands elsewhere: roles.</summary>
    public void Touch(DateTimeOffset now)
    {
        UpdatedAt = now;
        ConcurrencyStamp = Secret.Create();
    }

    public UserRef ToRef() => new(Id, Email, UserName!) { DisplayName = DisplayName };

    public AuditTarget AsTarget() => new("user", Id.ToString(), SignInName);

    /// <summary>The form in which names are compared and searched.</summary>
    public static string Normalize(string text) => UnicodeText.Fold(text);

    /// <summary>The same for an email address, or what a person signs in with: every way to write a domain is
    /// one.</summary>
    public static string NormalizeLogin(string text) => EmailAddress.Fold(text);

    /// <summary>
    /// What stands in a normalized column in place of a name that an older account has in another spelling: unique, and
    /// nobody signs in by it.
    /// Sorts where the name would.
    /// </summary>
    internal static string MarkedAsDuplicate(string normalized, Guid id)
    {
        var mark = DuplicateMark + id.ToString("N");
        var kept = Math.Min(normalized.Length, MaxNormalized - mark.Length);
        return (kept > 0 && char.IsHighSurrogate(normalized[kept - 1]) ? normalized[..(kept - 1)] : normalized[..kept]) + mark;
    }

    /// <summary>
    /// The normalized email of an account without an email: its username after a mark. It is unique, can't be used to
    /// sign in, and sorts
    /// by the username, after every address that begins with an ASCII letter or digit.
    /// </summary>
    internal static string NormalizedWithoutEmail(string normalizedUserName, Guid id) =>
        WithoutEmail(normalizedUserName) is { Length: <= MaxNormalized } normalized
            ? normalized
            : MarkedAsDuplicate(WithoutEmail(normalizedUserName), id);

    /// <summary>The beginning of that for usernames with this beginning.</summary>
    internal static string WithoutEmail(string normalizedUserName) => NoEmailMark + normalizedUserName;

    internal static string SearchTextOf(string? email, string userName, string displayName)
    {
        var names = $"\n{EmailAddress.Fold(userName)}\n{UnicodeText.Fold(displayName)}";
        if (email is null)
        {
            return names;
        }

        var (ascii, unicode) = (EmailAddress.Fold(email), UnicodeText.Fold(EmailAddress.ToUnicode(email)));
        return $"\n{ascii}{names}{(unicode == ascii ? "" : $"\n{unicode}")}";
    }
}
