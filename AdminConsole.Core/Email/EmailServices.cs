using AdminConsole.Core.Data;
using Microsoft.Extensions.DependencyInjection;

namespace AdminConsole.Core.Email;

/// <summary>Registers the outbox.</summary>
public static class EmailServices
{
    public static IServiceCollection AddEmail(this IServiceCollection services)
    {
        services.AddSingleton<Outbox>();
        services.AddSingleton<IChangeStep>(provider => provider.GetRequiredService<Outbox>());
        services.AddScoped<OutboxAdministration>();
        return services;
    }

    /// <summary>Registers the worker that sends the messages of the outbox.</summary>
    /// <param name="services">The service collection.</param>
    /// <param name="server">The mail server. Null writes messages to files instead.</param>
    /// <param name="folder">The folder of these files.</param>
    /// <param name="links">The addresses of links in messages.</param>
    public static void AddMail(
        this IServiceCollection services,
        SmtpOptions? server,
        string folder,
        Func<IServiceProvider, MailLinks> links
    )
    {
        services.AddSingleton(links);
        services.AddSingleton<IMailer>(provider =>
            server is null
                ? ActivatorUtilities.CreateInstance<FileMailer>(provider, folder)
                : ActivatorUtilities.CreateInstance<SmtpMailer>(provider, server)
        );
        services.AddSingleton<OutboxWorker>();
        services.AddHostedService(provider => provider.GetRequiredService<OutboxWorker>());
    }
}
