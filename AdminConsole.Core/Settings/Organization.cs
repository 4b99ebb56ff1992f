using AdminConsole.Core.Data;
using Microsoft.Extensions.DependencyInjection;

namespace AdminConsole.Core.Settings;

/// <summary>The name of the organization, for pages that are open to anyone.</summary>
public sealed class Organization(IServiceScopeFactory scopes, CurrentSettings settings)
{
    /// <summary>The name as it is now; as it was read last where the database doesn't answer. Null for none.</summary>
    public async Task<string?> NameAsync(CancellationToken ct)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            return (await scope.ServiceProvider.GetRequiredService<AppDbContext>().SettingsAsync(ct)).OrganizationName;
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            return settings.Latest.OrganizationName;
        }
    }
}
