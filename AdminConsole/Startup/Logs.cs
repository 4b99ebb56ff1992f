using Microsoft.Extensions.Configuration.Memory;

namespace AdminConsole.Startup;

/// <summary>What the log says where the configuration does not say otherwise, and what it never says.</summary>
internal static class Logs
{
    // EF Core would log every statement, ASP.NET Core every request.
    private static readonly Dictionary<string, string?> Defaults = new()
    {
        ["Logging:LogLevel:Microsoft.AspNetCore"] = "Warning",
        ["Logging:LogLevel:Microsoft.EntityFrameworkCore"] = "Warning",
        // The framework's handler logs every token that is not valid, in the name of its class: a stranger could fill
        // the log.
        [$"Logging:LogLevel:{typeof(AdminConsole.Authentication.TokenHandler).FullName}"] = "Warning",
        ["Logging:Console:FormatterOptions:IncludeScopes"] = "true",
        ["Logging:Console:FormatterOptions:UseUtcTimestamp"] = "true",
    };

    private static readonly Dictionary<string, LogLevel> Limits = new()
    {
        // It would log whole addresses, and in that of a password reset there is a secret. While it may log anything,
        // each request also costs it a trace of its own.
        ["Microsoft.AspNetCore.Hosting.Diagnostics"] = LogLevel.None,
        // It would repeat at every look what HealthLog says once.
        ["Microsoft.Extensions.Diagnostics.HealthChecks"] = LogLevel.None,
        // A start that fails throws, and who catches that says why. This would print a stack trace first.
        ["Microsoft.Extensions.Hosting.Internal.Host"] = LogLevel.Critical,
    };

    public static void AddLogs(this WebApplicationBuilder builder)
    {
        var json = builder.Configuration["Logging:Console:FormatterName"] == "json";
        builder.Configuration.Sources.Insert(
            0,
            new MemoryConfigurationSource
            {
                InitialData = json
                    ? Defaults.Append(new("Logging:Console:FormatterOptions:TimestampFormat", "yyyy-MM-dd'T'HH:mm:ss.fff'Z'"))
                    : Defaults,
            }
        );
        // A level for one provider (Logging:Console:LogLevel) would go before limits for all of them, so each gets its
        // own.
        builder.Services.PostConfigure<LoggerFilterOptions>(options =>
        {
            foreach (var provider in options.Rules.Select(rule => rule.ProviderName).Append(null).Distinct().ToList())
            {
                foreach (var (category, level) in Limits)
                {
                    options.Rules.Add(new LoggerFilterRule(provider, category, level, null));
                }
            }
        });
    }
}
