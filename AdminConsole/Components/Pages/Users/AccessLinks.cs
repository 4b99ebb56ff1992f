using AdminConsole.Authorization;
using AdminConsole.Components.Controls;
using AdminConsole.Core.Authentication;
using AdminConsole.Core.Common;
using AdminConsole.Startup;
using Microsoft.AspNetCore.Components;

namespace AdminConsole.Components.Pages.Users;

/// <summary>Creates links for setting a password, below the public URL of the console. Each link is returned only
/// once.</summary>
public sealed class AccessLinks(
    Scoped<PasswordResets> resets,
    Scoped<InvitationLinks> invitations,
    ConsoleSettings settings,
    NavigationManager navigation,
    OperationRunner operations
)
{
    private Uri Root => settings.PublicUrl ?? new Uri(navigation.BaseUri);

    /// <summary>Creates a link to set the first password.</summary>
    public async Task<Result<string>> InviteAsync(Guid userId)
    {
        var issued = await operations.AskAsync(() => invitations.RunAsync((links, actor) => links.IssueAsync(actor, userId, default)));
        return issued.Then(link => Urls.Invite(Root, link.Name, link.Secret));
    }

    /// <summary>Creates a link to set a new password.</summary>
    public async Task<Result<string>> ResetAsync(Guid userId)
    {
        var issued = await operations.AskAsync(() => resets.RunAsync((links, actor) => links.IssueAsync(actor, userId, default)));
        return issued.Then(link => Urls.Reset(Root, link.Name, link.Secret));
    }
}
