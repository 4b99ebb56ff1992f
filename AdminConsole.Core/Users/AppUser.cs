using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Names;
using AdminConsole.Core.Security;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AdminConsole.Core.Users;

/// <summary>A user account. Its state changes only through its methods, inside a change.</summary>
public sealed class AppUser : IdentityUser<Guid>
{
    // Folded text contains no lower-case letters, so no typed name can equal a value that contains this mark.
    internal const string DuplicateMark = "~duplicate-";

    // Lower case, so that a search by the first letter of an email never matches it.
    private const string NoEmailMark = "n";

    private const int MaxNormalized = 256;

    public string DisplayName { get; private set; } = "";

    /// <summary>The name that identifies the user and can be used to sign in. It is the email, or the username of an
    /// account without an email.</summary>
    public string SignInName => Email ?? UserName!;

    /// <summary>The text that searches match. It contains the email (if any), the username and the display name, each
    /// folded and preceded by a line break that marks its beginning.</summary>
    public string SearchText { get; private set; } = "";

    public bool Active { get; private set; } = true;

    public bool MustChangePassword { get; private set; }

    /// <summary>True if the user may sign in without an identity provider even if a role requires one.</summary>
    public bool BreakGlass { get; private set; }

    public DateTimeOffset CreatedAt { get; private init; }

    public DateTimeOffset UpdatedAt { get; private set; }

    public DateTimeOffset? LastSignInAt { get; private set; }

    public DateTimeOffset? DeactivatedAt { get; private set; }

    public Guid? DeactivatedById { get; private set; }

    public string? DeactivatedByName { get; private set; }

    public string? DeactivatedReason { get; private set; }

    public DateTimeOffset? DeactivatedUntil { get; private set; }

    /// <summary>The time of the lockdown; null once the user is reactivated.</summary>
    public DateTimeOffset? LockedDownAt { get; private set; }

    /// <summary>Creates a user that has no credentials yet. The caller passes trimmed names and checks that they are
    /// unique. Either the email or the username may be null.</summary>
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

    /// <summary>Creates a user that is never stored, for checking a password against its names.</summary>
    public static AppUser Draft(string? email, string? userName, string? displayName) =>
        Create(email, userName, displayName, DateTimeOffset.UnixEpoch);

    /// <summary>Returns the default display name: the part of the email before the @, or the username.</summary>
    public static string DefaultDisplayName(string? email, string? userName) => email?.Split('@')[0] ?? userName ?? "";

    /// <summary>Returns the username to use with a new email. A username that equals the current email follows
    /// it.</summary>
    public string UserNameWith(string? email) => email is not null && UserName == Email ? email : UserName!;

    public void Rename(string? email, string userName, string displayName, DateTimeOffset now)
    {
        // An unchanged name keeps its duplicate mark, if it has one.
        (UserName, NormalizedUserName) =
            userName == UserName ? (UserName, NormalizedUserName) : (EmailAddress.Compose(userName), EmailAddress.Fold(userName));
        (Email, NormalizedEmail) =
            email is null ? (null, NormalizedWithoutEmail(NormalizedUserName!, Id))
            : email == Email ? (Email, NormalizedEmail)
            : (EmailAddress.Compose(email), EmailAddress.Fold(email));
        EmailConfirmed = Email is not null;
        DisplayName = UnicodeText.Compose(displayName);
        SearchText = SearchTextOf(Email, UserName!, DisplayName);
        MarkChanged(now);
    }

    public void Activate(DateTimeOffset now)
    {
        Active = true;
        (DeactivatedAt, DeactivatedById, DeactivatedByName, DeactivatedReason, DeactivatedUntil) = (null, null, null, null, null);
        LockedDownAt = null;
        MarkChanged(now);
    }

    /// <summary>Blocks sign-in indefinitely, or until the given time (microsecond precision).</summary>
    public void Deactivate(Actor by, DateTimeOffset now, string? reason, DateTimeOffset? until)
    {
        // A lockdown survives another deactivation. On an active user the value is stale: an earlier version that knows
        // no lockdowns activated the user.
        LockedDownAt = Active ? null : LockedDownAt;
        Active = false;
        (DeactivatedAt, DeactivatedById, DeactivatedByName, DeactivatedReason, DeactivatedUntil) = (now, by.UserId, by.Name, reason, until);
        MarkChanged(now);
    }

    /// <summary>Blocks sign-in indefinitely after a security incident.</summary>
    public void LockDown(Actor by, DateTimeOffset now, string reason)
    {
        Deactivate(by, now, reason, until: null);
        LockedDownAt = now;
    }

    /// <summary>Sets a password that is already hashed, and renews the security stamp.</summary>
    public void SetPassword(string hash, bool mustChange, DateTimeOffset now)
    {
        PasswordHash = hash;
        MustChangePassword = mustChange;
        SecurityStamp = Secret.Create();
        MarkChanged(now);
    }

    /// <summary>Replaces or removes the password, given as a hash, and clears the required password change. Identity
    /// renews the security stamp.</summary>
    public void ReplacePassword(string? hash, DateTimeOffset now)
    {
        (PasswordHash, MustChangePassword) = (hash, false);
        MarkChanged(now);
    }

    /// <summary>Renews the security stamp. This invalidates sign-ins that wait for their second factor and enrollments
    /// that wait for their first code.</summary>
    public void EndPendingSignIns() => SecurityStamp = Secret.Create();

    public void RequirePasswordChange(DateTimeOffset now)
    {
        MustChangePassword = true;
        MarkChanged(now);
    }

    public void SetBreakGlass(bool breakGlass, DateTimeOffset now)
    {
        BreakGlass = breakGlass;
        MarkChanged(now);
    }

    public void RecordSignIn(DateTimeOffset now) => LastSignInAt = now;

    public void LockOut(DateTimeOffset until) => LockoutEnd = until;

    public void Unlock(DateTimeOffset now)
    {
        LockoutEnd = null;
        MarkChanged(now);
    }

    /// <summary>Marks the user as changed. Call it after changing data stored in other tables, such as role
    /// assignments.</summary>
    public void MarkChanged(DateTimeOffset now)
    {
        UpdatedAt = now;
        ConcurrencyStamp = Secret.Create();
    }

    public UserRef ToRef() => new(Id, Email, UserName!) { DisplayName = DisplayName };

    public AuditTarget AsTarget() => new(AuditTargetTypes.User, Id.ToString(), SignInName);

    /// <summary>Returns the form in which names are compared and searched.</summary>
    public static string Normalize(string text) => UnicodeText.Fold(text);

    /// <summary>Normalizes an email or a sign-in name. All spellings of a domain have the same result.</summary>
    public static string NormalizeLogin(string text) => EmailAddress.Fold(text);

    /// <summary>Returns a unique placeholder for the normalized name of an account whose name duplicates another one.
    /// It cannot be used to sign in, and sorts where the name would.</summary>
    internal static string MarkedAsDuplicate(string normalized, Guid id)
    {
        var mark = DuplicateMark + id.ToString("N");
        var length = Math.Min(normalized.Length, MaxNormalized - mark.Length);
        return (length > 0 && char.IsHighSurrogate(normalized[length - 1]) ? normalized[..(length - 1)] : normalized[..length]) + mark;
    }

    /// <summary>Returns the normalized email of an account without an email: its username after a mark. It is unique
    /// and cannot be used to sign in. It sorts by the username, after every address that begins with an ASCII letter or
    /// digit.</summary>
    internal static string NormalizedWithoutEmail(string normalizedUserName, Guid id) =>
        WithoutEmail(normalizedUserName) is { Length: <= MaxNormalized } normalized
            ? normalized
            : MarkedAsDuplicate(WithoutEmail(normalizedUserName), id);

    /// <summary>Returns the prefix of that value for usernames that begin with the given text.</summary>
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

internal sealed class UserConfiguration : IEntityTypeConfiguration<AppUser>
{
    public void Configure(EntityTypeBuilder<AppUser> builder)
    {
        builder.ToTable("Users");
        builder.Ignore(user => user.SignInName);
        builder.Property(user => user.DisplayName).HasMaxLength(Limits.DisplayName);
        builder.Property(user => user.DeactivatedReason).HasMaxLength(Limits.Reason);
        // Identity's own index on the email is not unique.
        builder.HasIndex(user => user.NormalizedEmail).HasDatabaseName("EmailIndex").IsUnique();
        builder.HasIndex(user => user.DeactivatedUntil);
        // One index per sort order, with the id as tie-breaker. SearchSchema has the index for the last sign-in.
        builder.HasIndex(user => new { user.DisplayName, user.Id });
        builder.HasIndex(user => new { user.CreatedAt, user.Id });
        builder.HasIndex(user => new { user.UpdatedAt, user.Id });
        // Few users are inactive, so only queries for them benefit from an index.
        builder.HasIndex(user => user.Active).HasDatabaseName("IX_Users_Inactive").HasFilter("NOT \"Active\"");
        builder.HasIndex(user => user.LockoutEnd).HasFilter("\"LockoutEnd\" IS NOT NULL");
    }
}
