using AdminConsole.Core.Users;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;

[assembly: HostingStartup(typeof(SampleExtension.Startup))]

namespace SampleExtension;

public sealed class Startup : IHostingStartup
{
    public void Configure(IWebHostBuilder builder) =>
        builder.ConfigureServices(services =>
        {
            services.AddScoped<IPasswordValidator<AppUser>, NoCompanyName>();
            services
                .AddAuthentication()
                .AddOpenIdConnect(
                    "Company",
                    "Company account",
                    options =>
                    {
                        options.Authority = "https://login.example.com";
                        options.ClientId = "admin-console";
                        options.ClientSecret = "secret";
                        options.ResponseType = "code";
                    }
                );
        });
}

public sealed class NoCompanyName : IPasswordValidator<AppUser>
{
    public Task<IdentityResult> ValidateAsync(UserManager<AppUser> manager, AppUser user, string? password) =>
        Task.FromResult(
            password?.Contains("acme", StringComparison.OrdinalIgnoreCase) == true
                ? IdentityResult.Failed(new IdentityError { Code = "CompanyName", Description = "Don't use the company's name." })
                : IdentityResult.Success
        );
}
