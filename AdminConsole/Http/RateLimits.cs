using System.Net;
using System.Threading.RateLimiting;
using AdminConsole.Core.Common;
using AdminConsole.Startup;
using Microsoft.AspNetCore.RateLimiting;

namespace AdminConsole.Http;

/// <summary>How often a client may send to each limited endpoint; <see cref="ClientNetwork"/> says what one client
/// is.</summary>
public static class RateLimits
{
    /// <summary>Doors that check a password or a code. Only what is sent counts, not what is looked at.</summary>
    public const string SignIn = "sign-in";

    /// <summary>Where devices ask for tokens, each of them every five seconds while it waits.</summary>
    public const string Tokens = "tokens";

    public static void AddRateLimits(this IServiceCollection services, ConsoleSettings settings) =>
        services.AddSingleton(_ => new AddressLimits((SignIn, settings.SignInPerMinute), (Tokens, settings.TokensPerMinute)));

    /// <summary>
    /// Counts the requests that an endpoint limits by <c>RequireRateLimiting </c>. Not the framework's middleware: each
    /// pipeline would count on its own there, so that an address
    /// had its attempts once with a bearer token and once without; and it never disposes its timers, which keep a
    /// stopped program in memory.
    /// </summary>
    public static void UseRateLimits(this IApplicationBuilder app)
    {
        var limits = app.ApplicationServices.GetRequiredService<AddressLimits>();
        app.Use(
            async (context, next) =>
            {
                using var lease = limits.Acquire(context);
                if (lease is null or { IsAcquired: true })
                {
                    await next(context);
                    return;
                }

                var wait = lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? after : TimeSpan.FromSeconds(10);
                var refusal = new Refusal(
                    RefusalKind.TooMany,
                    "rate_limited",
                    "Too many attempts from this IP address. Wait a moment and try again."
                )
                {
                    RetryAfter = wait,
                };
                if (Problems.IsForPrograms(context))
                {
                    await refusal.WriteAsync(context);
                }
                else
                {
                    // The page for people is made by UseProblems.
                    ResultHttp.Mark(context, refusal);
                }
            }
        );
    }

    /// <summary>The attempts of each address in the last minute, by policy. There is one for all pipelines.</summary>
    private sealed class AddressLimits(params (string Policy, int PerMinute)[] policies) : IDisposable
    {
        private readonly Dictionary<string, PartitionedRateLimiter<HttpContext>> limiters = policies.ToDictionary(
            policy => policy.Policy,
            policy => PartitionedRateLimiter.Create<HttpContext, IPAddress>(context => Partition(context, policy.PerMinute))
        );

        /// <summary>Null where the endpoint is not limited.</summary>
        public RateLimitLease? Acquire(HttpContext context) =>
            context.GetEndpoint()?.Metadata.GetMetadata<EnableRateLimitingAttribute>()?.PolicyName is { } policy
                ? limiters[policy].AttemptAcquire(context)
                : null;

        public void Dispose()
        {
            foreach (var limiter in limiters.Values)
            {
                limiter.Dispose();
            }
        }

        private static RateLimitPartition<IPAddress> Partition(HttpContext context, int perMinute)
        {
            var address = ClientNetwork.Of(context.Connection.RemoteIpAddress) ?? IPAddress.None;
            return HttpMethods.IsPost(context.Request.Method) && perMinute > 0
                ? RateLimitPartition.GetSlidingWindowLimiter(
                    address,
                    _ => new SlidingWindowRateLimiterOptions
                    {
                        PermitLimit = perMinute,
                        Window = TimeSpan.FromMinutes(1),
                        SegmentsPerWindow = 6,
                    }
                )
                : RateLimitPartition.GetNoLimiter(address);
        }
    }
}
