using System.Threading.RateLimiting;
using AdminConsole.Core;

namespace AdminConsole.Http;

/// <summary>How often an address may knock at each limited door.</summary>
public static class RateLimits
{
    /// <summary>Doors that check a password or a code. Only what is sent counts, not what is looked at.</summary>
    public const string SignIn = "sign-in";

    /// <summary>Where devices ask for tokens, each of them every five seconds while it waits.</summary>
    public const string Tokens = "tokens";

    public static void AddRateLimits(this IServiceCollection services, ConsoleSettings settings) => services.AddRateLimiter(options =>
    {
        options.AddPolicy(SignIn, context => Limiter(context, settings.SignInPerMinute));
        options.AddPolicy(Tokens, context => Limiter(context, settings.TokensPerMinute));
        options.OnRejected = async (rejected, _) =>
        {
            var wait = rejected.Lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? after : TimeSpan.FromSeconds(10);
            var refusal = new Refusal(RefusalKind.TooMany, "rate_limited", "Too many attempts from this address. Wait a moment and try again.") { RetryAfter = wait };
            if (Problems.IsForPrograms(rejected.HttpContext))
            {
                await refusal.WriteAsync(rejected.HttpContext);
            }
            else
            {
                // The page for people is made by UseProblems.
                ResultHttp.Mark(rejected.HttpContext, refusal);
            }
        };
    });

    private static RateLimitPartition<System.Net.IPAddress?> Limiter(HttpContext context, int perMinute) => HttpMethods.IsPost(context.Request.Method) && perMinute > 0
        ? RateLimitPartition.GetSlidingWindowLimiter(context.Connection.RemoteIpAddress, _ => new SlidingWindowRateLimiterOptions
        {
            PermitLimit = perMinute,
            Window = TimeSpan.FromMinutes(1),
            SegmentsPerWindow = 6,
        })
        : RateLimitPartition.GetNoLimiter(context.Connection.RemoteIpAddress);
}
