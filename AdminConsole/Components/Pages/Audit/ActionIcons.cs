using AdminConsole.Core.Changes;
using MudBlazor;

namespace AdminConsole.Components.Pages.Audit;

/// <summary>The icon of an audit action. Related actions share an icon.</summary>
public static class ActionIcons
{
    private static readonly (string Start, string Icon)[] ByStart =
    [
        (AuditActions.SignInFailed, Icons.Material.Rounded.NoAccounts),
        (AuditActions.LockedOut, Icons.Material.Rounded.Lock),
        (AuditActions.SignedOut, Icons.Material.Rounded.Logout),
        ("auth.mfa", Icons.Material.Rounded.PhonelinkLock),
        ("auth.recovery", Icons.Material.Rounded.Pin),
        ("auth.passkey", Icons.Material.Rounded.Fingerprint),
        ("auth.", Icons.Material.Rounded.Login),
        (AuditActions.UserCreated, Icons.Material.Rounded.PersonAdd),
        (AuditActions.UserInvited, Icons.Material.Rounded.ForwardToInbox),
        (AuditActions.UserDeactivated, Icons.Material.Rounded.PersonOff),
        (AuditActions.UserLockedDown, Icons.Material.Rounded.GppMaybe),
        (AuditActions.UserDeleted, Icons.Material.Rounded.PersonRemove),
        (AuditActions.UserImported, Icons.Material.Rounded.UploadFile),
        (AuditActions.UserUnlocked, Icons.Material.Rounded.LockOpen),
        ("user.role", Icons.Material.Rounded.Badge),
        ("user.password", Icons.Material.Rounded.Password),
        ("user.", Icons.Material.Rounded.Person),
        ("role.", Icons.Material.Rounded.Badge),
        ("session.", Icons.Material.Rounded.Logout),
        ("token.", Icons.Material.Rounded.Key),
        ("device.", Icons.Material.Rounded.Devices),
        ("refresh.", Icons.Material.Rounded.Devices),
        ("settings.", Icons.Material.Rounded.Settings),
        (AuditActions.AuditExported, Icons.Material.Rounded.Download),
        (AuditActions.AuditVerified, Icons.Material.Rounded.Verified),
        ("audit.", Icons.Material.Rounded.ReceiptLong),
        (AuditActions.AccessDenied, Icons.Material.Rounded.Block),
        ("backup.", Icons.Material.Rounded.Save),
    ];

    public static string Of(string action) =>
        ByStart.FirstOrDefault(entry => action.StartsWith(entry.Start, StringComparison.Ordinal)).Icon ?? Icons.Material.Rounded.Dns;
}
