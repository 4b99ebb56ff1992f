using AdminConsole.Core.Identity.Passwords;

namespace AdminConsole.Tests.Identity.Passwords;

/// <summary>libargon2 and libsodium produce the same hashes.</summary>
public sealed class Argon2Tests
{
    // Made with argon2id_hash_encoded of the reference implementation.
    public static readonly TheoryData<string, string> Known = new()
    {
        { "correct horse battery 1", "$argon2id$v=19$m=19456,t=2,p=1$MDEyMzQ1Njc4OWFiY2RlZg$Iev8Z4zwbH7Uh9F6A2oXqwFfFtNrBvq6Rs8FfccQ9KU" },
        { "", "$argon2id$v=19$m=8,t=1,p=1$AAAAAAAAAAAAAAAAAAAAAA$z6DS0kLaZwPTEdfu/JIuOcxgyfTsk6Z9IJlb5UGga+Q" },
        { "pässwörd\0😀", "$argon2id$v=19$m=256,t=3,p=1$8PHy8/T19vf4+fr7/P3+/w$JER3TXrV7HnNerpK292FKnaDNAYw6O45LsjZuBwdJ1A" },
        {
            "password",
            "$argon2id$v=19$m=64,t=2,p=1$MDEyMzQ1Njc4OWFiY2RlZg"
                + "$rjs8uTKurNfoSc2l/DzlzaqpRlS/hcn0fEclshbm7TuPf0X/LYHzBhKxyA8YKKA0NswLGJhahJLpYmvxY+shLw"
        },
    };

    private const string FourLanes = "$argon2id$v=19$m=64,t=2,p=4$MDEyMzQ1Njc4OWFiY2RlZg$PjVUl8aSy2o41Z2m66fXoJmXRM/eAxxkM0c4cpEbxHg";
    private const string ShortSalt = "$argon2id$v=19$m=64,t=2,p=1$c29tZXNhbHQ$FqGkmHNGCd0BRW2kBt6fPZ2pPmyGwwChL8FGUhTOSSI";

    private static PasswordHashing Hashing(Argon2Library library, CapturedLog? log = null) =>
        new(
            LoggerFactory.Create(logging => logging.AddProvider(log ?? new CapturedLog())).CreateLogger<PasswordHashing>(),
            library,
            Argon2Cost.Standard
        );

    [Theory]
    [MemberData(nameof(Known))]
    public async Task Both_libraries_verify_the_hashes_of_the_reference_implementation(string password, string hash)
    {
        foreach (var library in new Argon2Library[] { new LibArgon2(), new Libsodium() })
        {
            using var hashing = Hashing(library);

            Assert.True((await hashing.VerifyAsync(password, hash)).Value, library.Name);
            Assert.False((await hashing.VerifyAsync(password + "x", hash)).Value, library.Name);
        }
    }

    [Fact]
    public async Task Each_library_verifies_the_hashes_of_the_other()
    {
        using var reference = Hashing(new LibArgon2());
        using var sodium = Hashing(new Libsodium());

        var (one, other) = ((await reference.HashAsync(TestData.Password)).Value, (await sodium.HashAsync(TestData.Password)).Value);

        Assert.Matches(@"^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$", other);
        Assert.Equal((one.Length, one[..31]), (other.Length, other[..31]));
        Assert.True((await sodium.VerifyAsync(TestData.Password, one)).Value);
        Assert.True((await reference.VerifyAsync(TestData.Password, other)).Value);
        Assert.False((await sodium.VerifyAsync(TestData.NewPassword, one)).Value);
        Assert.False((await reference.VerifyAsync(TestData.NewPassword, other)).Value);
        Assert.False(sodium.IsOutdated(one));
        Assert.False(reference.IsOutdated(other));
    }

    [Theory]
    [InlineData(FourLanes)]
    [InlineData(ShortSalt)]
    public async Task A_hash_that_only_libargon2_can_verify_is_refused_without_it_and_logged(string hash)
    {
        var log = new CapturedLog();
        using var reference = Hashing(new LibArgon2());
        using var sodium = Hashing(new Libsodium(), log);

        Assert.True((await reference.VerifyAsync("password", hash)).Value);
        Assert.False((await sodium.VerifyAsync("password", hash)).Value);

        Assert.Contains(log.Lines, line => line.Contains("cannot be checked by libsodium", StringComparison.Ordinal));
        Assert.DoesNotContain(log.Lines, line => line.Contains(hash[^20..], StringComparison.Ordinal));
        Assert.True(sodium.IsOutdated(hash));
    }

    [Theory]
    [InlineData("$argon2id$")]
    [InlineData("$argon2id$v=16$m=64,t=2,p=1$MDEyMzQ1Njc4OWFiY2RlZg$c8unoZL1fMiTW9VzsIzI4XiLIjeYmhsk2dCIUg21RpY")]
    [InlineData("$argon2id$v=19$m=64,t=2,p=1$MDEyMzQ1Njc4OWFiY2RlZg$c8unoZL1fMiTW9VzsIzI4XiLIjeYmhsk2dCIUg21RpY=")]
    [InlineData("$argon2id$v=19$m=64,t=2,p=1$MDEyMzQ1Njc4OWFiY2RlZg$AAAA")]
    [InlineData("$argon2id$v=19$m=4294967295,t=2,p=1$MDEyMzQ1Njc4OWFiY2RlZg$c8unoZL1fMiTW9VzsIzI4XiLIjeYmhsk2dCIUg21RpY")]
    [InlineData("$argon2id$v=19$m=9999999999,t=2,p=1$MDEyMzQ1Njc4OWFiY2RlZg$c8unoZL1fMiTW9VzsIzI4XiLIjeYmhsk2dCIUg21RpY")]
    [InlineData("$argon2id$v=19$m=7,t=2,p=1$MDEyMzQ1Njc4OWFiY2RlZg$c8unoZL1fMiTW9VzsIzI4XiLIjeYmhsk2dCIUg21RpY")]
    [InlineData("$argon2id$v=19$m=64,t=0,p=1$MDEyMzQ1Njc4OWFiY2RlZg$c8unoZL1fMiTW9VzsIzI4XiLIjeYmhsk2dCIUg21RpY")]
    [InlineData("no Base64 at all")]
    [InlineData("AQAAAAIAAYag")]
    [InlineData("")]
    public async Task A_damaged_hash_matches_no_password(string hash)
    {
        foreach (var library in new Argon2Library[] { new LibArgon2(), new Libsodium() })
        {
            using var hashing = Hashing(library);

            Assert.False((await hashing.VerifyAsync("password", hash)).Value);
            Assert.True(hashing.IsOutdated(hash));
        }
    }
}
