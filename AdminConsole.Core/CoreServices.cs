using AdminConsole.Core.Account;
using AdminConsole.Core.Audit;
using AdminConsole.Core.Authentication;
using AdminConsole.Core.Backups;
using AdminConsole.Core.Common;
using AdminConsole.Core.Data;
using AdminConsole.Core.Demo;
using AdminConsole.Core.Email;
using AdminConsole.Core.Identity;
using AdminConsole.Core.OAuth;
using AdminConsole.Core.Providers;
using AdminConsole.Core.Roles;
using AdminConsole.Core.Sessions;
using AdminConsole.Core.Settings;
using AdminConsole.Core.System;
using AdminConsole.Core.Tokens;
using AdminConsole.Core.Users;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AdminConsole.Core;

/// <summary>Registers every feature of Core.</summary>
public static class CoreServices
{
    public static IServiceCollection AddCore(this IServiceCollection services, DatabaseOptions database)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddConsoleIdentity();
        return services
            .AddData(database)
            // The audit chain is the last step of a change, after the outbox.
            .AddEmail()
            .AddAudit()
            .AddSettings()
            .AddRoles()
            .AddUsers()
            .AddSessions()
            .AddProviders()
            .AddConsoleAuthentication()
            .AddAccount()
            .AddTokens()
            .AddOAuth()
            .AddSystem()
            .AddBackups()
            .AddDemo();
    }
}
