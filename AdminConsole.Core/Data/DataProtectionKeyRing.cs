using System.Xml.Linq;
using AdminConsole.Core.Changes;
using AdminConsole.Core.Common;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace AdminConsole.Core.Data;

/// <summary>Stores the data protection keys in the database, so that every node has them and a backup is complete.
/// Replaces Microsoft.AspNetCore.DataProtection.EntityFrameworkCore, which is not in the package registry
/// (docs/decisions/0004).</summary>
internal sealed class DataProtectionKeyRing(IServiceScopeFactory scopes, TimeProvider clock) : IXmlRepository
{
    public IReadOnlyCollection<XElement> GetAllElements()
    {
        using var scope = scopes.CreateScope();
        var db = scope.ServiceProvider.GetRequiredService<AppDbContext>();
        return [.. db.DataProtectionKeys.AsNoTracking().AsEnumerable().Select(key => XElement.Parse(key.Xml))];
    }

    // The interface is synchronous. A key is created once in three months.
    public void StoreElement(XElement element, string friendlyName)
    {
        using var scope = scopes.CreateScope();
        var db = scope.ServiceProvider.GetRequiredService<AppDbContext>();
        db.Add(
            new DataProtectionKey
            {
                Id = Guid.CreateVersion7(clock.Now()),
                Name = friendlyName,
                Xml = element.ToString(SaveOptions.DisableFormatting),
            }
        );
        db.WriteUnauditedAsync(UnauditedWrite.ServerKeys, () => db.SaveChangesAsync(), CancellationToken.None).GetAwaiter().GetResult();
    }
}
