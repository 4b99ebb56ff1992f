using Microsoft.Extensions.Configuration.Memory;

namespace AdminConsole.Startup;

/// <summary>Log levels: defaults, which the configuration may override, and limits, which it may not.</summary>
internal static class Logs
{
    // Otherwise, EF Core would log every statement and ASP.NET Core every request.
    private static readonly Dictionary<string, string?> Defaults = new()
    {
        ["Logging:LogLevel:Microsoft.AspNetCore"] = "Warning",
        ["Logging:LogLevel:Microsoft.EntityFrameworkCore"] = "Warning",
        // The framework's base class logs every invalid token under this category, so unauthenticated callers could
        // fill the log.
        [$"Logging:LogLevel:{typeof(AdminConsole.Authentication.TokenHandler).FullName}"] = "Warning",
        ["Logging:Console:FormatterOptions:IncludeScopes"] = "true",
        ["Logging:Console:FormatterOptions:UseUtcTimestamp"] = "true",
    };

    private static readonly Dictionary<string, LogLevel> Limits = new()
    {
        // This category would log whole URLs, and that of a password reset contains a secret. While enabled, it also
        // creates a trace for every request.
        ["Microsoft.AspNetCore.Hosting.Diagnostics"] = LogLevel.None,
        // This category would repeat on every check the changes that HealthLog logs once.
        ["Microsoft.Extensions.Diagnostics.HealthChecks"] = LogLevel.None,
        // A failed start throws, and the caller reports the reason. This category would log a stack trace first.
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
        // A level for one provider (Logging:Console:LogLevel) overrides limits for all providers, so each gets its own.
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
