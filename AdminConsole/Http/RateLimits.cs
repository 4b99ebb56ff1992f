using System.Net;
using System.Threading.RateLimiting;
using AdminConsole.Core.Common;
using AdminConsole.Startup;
using Microsoft.AspNetCore.RateLimiting;

namespace AdminConsole.Http;

/// <summary>Limits how often a client may send to certain endpoints. <see cref="ClientNetwork"/> defines a
/// client.</summary>
public static class RateLimits
{
    /// <summary>The policy of endpoints that check a password or a code. Only POST requests count.</summary>
    public const string SignIn = "sign-in";

    /// <summary>The policy of endpoints where devices request tokens, each of them every five seconds while it
    /// waits.</summary>
    public const string Tokens = "tokens";

    // A sign-in takes two requests, and a company's users may share one address.
    private const int ProviderRequestsPerSignIn = 4;

    /// <summary>The policy of the redirects to and from identity providers. All requests count, because a callback is a
    /// GET and its failure is recorded.</summary>
    public const string Providers = "providers";

    public static void AddRateLimits(this IServiceCollection services, ConsoleSettings settings) =>
        services.AddSingleton(_ => new AddressLimits(
            new Limit(SignIn, settings.SignInPerMinute),
            new Limit(Tokens, settings.TokensPerMinute),
            new Limit(Providers, settings.SignInPerMinute * ProviderRequestsPerSignIn, EveryMethod: true)
        ));

    /// <summary>Counts the requests to endpoints with <c>RequireRateLimiting</c>. In the framework's middleware, each
    /// pipeline would count separately, so an address had its attempts once with a bearer token and once without. It
    /// also never disposes its timers, which keep a stopped program in memory.</summary>
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
                    // UseProblems renders the page for browsers.
                    ResultHttp.Mark(context, refusal);
                }
            }
        );
    }

    private sealed record Limit(string Policy, int PerMinute, bool EveryMethod = false);

    /// <summary>The attempts of each address in the last minute, by policy. Shared by all pipelines.</summary>
    private sealed class AddressLimits(params Limit[] policies) : IDisposable
    {
        private readonly Dictionary<string, PartitionedRateLimiter<HttpContext>> limiters = policies.ToDictionary(
            policy => policy.Policy,
            policy => PartitionedRateLimiter.Create<HttpContext, IPAddress>(context => Partition(context, policy))
        );

        /// <summary>Null when the endpoint is not limited.</summary>
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

        private static RateLimitPartition<IPAddress> Partition(HttpContext context, Limit limit)
        {
            var address = ClientNetwork.Of(context.Connection.RemoteIpAddress) ?? IPAddress.None;
            var counts = limit.EveryMethod || HttpMethods.IsPost(context.Request.Method);
            return counts && limit.PerMinute > 0
                ? RateLimitPartition.GetSlidingWindowLimiter(
                    address,
                    _ => new SlidingWindowRateLimiterOptions
                    {
                        PermitLimit = limit.PerMinute,
                        Window = TimeSpan.FromMinutes(1),
                        SegmentsPerWindow = 6,
                    }
                )
                : RateLimitPartition.GetNoLimiter(address);
        }
    }
}
