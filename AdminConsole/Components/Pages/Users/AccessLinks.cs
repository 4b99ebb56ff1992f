using AdminConsole.Authorization;
using AdminConsole.Components.Controls;
using AdminConsole.Core.Authentication;
using AdminConsole.Core.Common;
using AdminConsole.Startup;
using Microsoft.AspNetCore.Components;

namespace AdminConsole.Components.Pages.Users;

/// <summary>Creates links with which a user sets a password, below the public address of the console. Each link is
/// returned once.</summary>
public sealed class AccessLinks(
    Scoped<PasswordResets> resets,
    Scoped<InvitationLinks> invitations,
    ConsoleSettings settings,
    NavigationManager navigation,
    OperationRunner operations
)
{
    private Uri Root => settings.PublicUrl ?? new Uri(navigation.BaseUri);

    /// <summary>A link to choose the first password.</summary>
    public async Task<Result<string>> InviteAsync(Guid userId)
    {
        var issued = await operations.AskAsync(() => invitations.RunAsync((links, actor) => links.IssueAsync(actor, userId, default)));
        return issued.Then(link => Urls.Invite(Root, link.Name, link.Secret));
    }

    /// <summary>A link to set a new password.</summary>
    public async Task<Result<string>> ResetAsync(Guid userId)
    {
        var issued = await operations.AskAsync(() => resets.RunAsync((links, actor) => links.IssueAsync(actor, userId, default)));
        return issued.Then(link => Urls.Reset(Root, link.Name, link.Secret));
    }
}
