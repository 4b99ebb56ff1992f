using AdminConsole.Core.Users;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;

[assembly: HostingStartup(typeof(OwnExtension.Startup))]

namespace OwnExtension;

public sealed class Startup : IHostingStartup
{
    public void Configure(IWebHostBuilder builder) => builder.ConfigureServices(services =>
        services.AddScoped<IPasswordValidator<AppUser>, NoCompanyName>());
}

public sealed class NoCompanyName : IPasswordValidator<AppUser>
{
    public Task<IdentityResult> ValidateAsync(UserManager<AppUser> manager, AppUser user, string? password) => Task.FromResult(
        password?.Contains("acme", StringComparison.OrdinalIgnoreCase) == true
            ? IdentityResult.Failed(new IdentityError { Code = "CompanyName", Description = "Don't use the company's name." })
            : IdentityResult.Success);
}
