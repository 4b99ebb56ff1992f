using AdminConsole.Core.Common;
using AdminConsole.Core.Identity.Passwords;
using AdminConsole.Core.Users;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace AdminConsole.Tests.Identity.Passwords;

public sealed class PasswordHashingTests
{
    private static PasswordHashing Hashing() => new(NullLogger<PasswordHashing>.Instance);

    [Fact]
    public async Task A_hash_is_a_phc_string_with_owasps_parameters()
    {
        using var hashing = Hashing();

        var hash = (await hashing.HashAsync(TestData.Password)).Value;

        Assert.Matches(@"^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$", hash);
        Assert.True((await hashing.VerifyAsync(TestData.Password, hash)).Value);
        Assert.NotEqual(hash, (await hashing.HashAsync(TestData.Password)).Value);
    }

    [Theory]
    [InlineData("")]
    [InlineData("correct horse battery 2")]
    [InlineData("correct horse battery 1 ")]
    [InlineData("correct horse battery 1\0")]
    public async Task A_wrong_password_does_not_match(string wrong)
    {
        using var hashing = Hashing();
        var hash = (await hashing.HashAsync(TestData.Password)).Value;

        var verified = await hashing.VerifyAsync(wrong, hash);

        Assert.False(verified.Value);
    }

    [Fact]
    public async Task Without_a_hash_no_password_matches()
    {
        using var hashing = Hashing();

        Assert.False((await hashing.VerifyAsync(TestData.Password, null)).Value);
    }

    [Fact]
    public async Task A_pbkdf2_hash_of_an_earlier_version_is_verified_and_outdated()
    {
        using var hashing = Hashing();
        var old = new PasswordHasher<AppUser>(Options.Create(new PasswordHasherOptions { IterationCount = 210_000 })).HashPassword(
            null!,
            TestData.Password
        );

        Assert.True((await hashing.VerifyAsync(TestData.Password, old)).Value);
        Assert.False((await hashing.VerifyAsync(TestData.NewPassword, old)).Value);
        Assert.True(hashing.IsOutdated(old));
        Assert.False(hashing.IsOutdated((await hashing.HashAsync(TestData.Password)).Value));
    }

    [Fact]
    public async Task Beyond_the_queue_the_result_is_busy_immediately()
    {
        using var hashing = Hashing();

        var results = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => hashing.HashAsync(TestData.Password)));

        var refused = results.Where(result => result.Refusal is not null).ToList();
        Assert.InRange(results.Length - refused.Count, PasswordHashing.QueueLength, 150);
        Assert.All(refused, result => Assert.Equal(("busy", TimeSpan.FromSeconds(1)), (result.Refusal!.Code, result.Refusal.RetryAfter)));
    }

    public sealed class Storm
    {
        [Fact]
        public async Task A_burst_of_sign_ins_does_not_starve_other_requests()
        {
            await using var app = await AdminApp.StartAsync(
                DatabaseProvider.Sqlite,
                services: services => services.AddSingleton<PasswordHashing>()
            );
            var hashing = app.Services.GetRequiredService<PasswordHashing>();
            using var caller = app.Anonymous();

            var storm = Enumerable.Range(0, 200).Select(_ => hashing.HashAsync(TestData.Password)).ToList();
            var answered = 0;
            while (storm.Exists(hash => !hash.IsCompleted))
            {
                (await caller.GetAsync("/health/live")).Is(200);
                answered++;
            }

            // Sequential requests while 64 passwords are hashed. If they shared threads, only a handful would complete.
            Assert.True(answered > 64, $"Only {answered} requests were answered during the storm.");
        }
    }
}
