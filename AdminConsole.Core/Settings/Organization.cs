using AdminConsole.Core.Data;
using Microsoft.Extensions.DependencyInjection;

namespace AdminConsole.Core.Settings;

/// <summary>The name of the organization, for pages that don't require a sign-in.</summary>
public sealed class Organization(IServiceScopeFactory scopes, CurrentSettings settings)
{
    /// <summary>Returns the current name, or the last known one if the database is unavailable. Null if none is
    /// set.</summary>
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
