using System.Text;
using AdminConsole.Core.Identity;

namespace AdminConsole.Tests.Identity;

public sealed class TotpTests
{
    private static readonly byte[] Secret = Encoding.ASCII.GetBytes("12345678901234567890");

    // RFC 6238, appendix B, the last six of its eight digits.
    [Theory]
    [InlineData(59, "287082")]
    [InlineData(1111111109, "081804")]
    [InlineData(1111111111, "050471")]
    [InlineData(1234567890, "005924")]
    [InlineData(2000000000, "279037")]
    [InlineData(20000000000, "353130")]
    public void Codes_are_those_of_the_rfc(long seconds, string code)
    {
        var at = DateTimeOffset.FromUnixTimeSeconds(seconds);

        Assert.Equal(code, Totp.CodeOf(Secret, Totp.StepAt(at)));
        Assert.Equal(Totp.StepAt(at), Totp.StepOf(Secret, code, at));
    }

    [Theory]
    [InlineData(-2, false)]
    [InlineData(-1, true)]
    [InlineData(0, true)]
    [InlineData(1, true)]
    [InlineData(2, false)]
    public void A_clock_may_be_one_step_off(int steps, bool accepted)
    {
        var now = DateTimeOffset.FromUnixTimeSeconds(1234567890);

        Assert.Equal(accepted, Totp.StepOf(Secret, Totp.CodeOf(Secret, Totp.StepAt(now) + steps), now) is not null);
    }

    [Theory]
    [InlineData("")]
    [InlineData("28708")]
    [InlineData("2870820")]
    [InlineData("２８７０８２")]
    [InlineData("abcdef")]
    public void Malformed_codes_are_refused(string text) => Assert.Null(Totp.StepOf(Secret, text, DateTimeOffset.FromUnixTimeSeconds(59)));

    // RFC 4648, section 10.
    [Theory]
    [InlineData("", "")]
    [InlineData("f", "MY")]
    [InlineData("foobar", "MZXW6YTBOI")]
    public void Keys_are_base32(string text, string key) => Assert.Equal(key, Totp.KeyOf(Encoding.ASCII.GetBytes(text)));
}
