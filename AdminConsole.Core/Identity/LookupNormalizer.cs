using AdminConsole.Core.Users;
using Microsoft.AspNetCore.Identity;

namespace AdminConsole.Core.Identity;

/// <summary>Folds names the way users and roles fold their own, so that Identity finds them.</summary>
public sealed class LookupNormalizer : ILookupNormalizer
{
    public string? NormalizeName(string? name) => name is null ? null : AppUser.NormalizeLogin(name);

    public string? NormalizeEmail(string? email) => email is null ? null : AppUser.NormalizeLogin(email);
}
