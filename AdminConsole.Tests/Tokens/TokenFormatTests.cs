using System.Text.RegularExpressions;
using AdminConsole.Core.Security;

namespace AdminConsole.Tests.Tokens;

public sealed class TokenFormatTests
{
    [Fact]
    public void A_token_is_a_prefix_43_digits_and_a_checksum()
    {
        var tokens = Enumerable.Range(0, 1000).Select(_ => Secret.CreateToken()).ToList();

        Assert.All(
            tokens,
            token => Assert.Matches(new Regex("^acpat_[0-9A-Za-z]{49}$", RegexOptions.None, TimeSpan.FromSeconds(1)), token)
        );
        Assert.All(tokens, token => Assert.True(Secret.IsToken(token)));
        Assert.Equal(1000, tokens.Distinct().Count());
        Assert.Equal(1000, tokens.Select(token => token[..Secret.TokenPrefixLength]).Distinct().Count());
    }

    [Fact]
    public void The_checksum_is_that_of_zlib()
    {
        // crc32(b"123456789") is the standard check value of CRC-32.
        Assert.Equal(0xCBF43926, Crc32.Of("123456789"));
    }

    [Fact]
    public void One_wrong_character_anywhere_is_detected()
    {
        var token = Secret.CreateToken();

        for (var at = 0; at < token.Length; at++)
        {
            foreach (var other in new[] { 'a', 'Z', '0', '_', '-', ' ', 'é' }.Where(other => other != token[at]))
            {
                Assert.False(Secret.IsToken($"{token[..at]}{other}{token[(at + 1)..]}"));
            }
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("acpat_")]
    [InlineData("Bearer")]
    [InlineData("eyJhbGciOiJFUzI1NiJ9.e30.x")]
    public void Text_of_another_form_is_no_token(string text) => Assert.False(Secret.IsToken(text));

    [Fact]
    public void Half_a_token_and_a_longer_text_are_no_tokens()
    {
        var token = Secret.CreateToken();

        Assert.False(Secret.IsToken(token.AsSpan(..^1)));
        Assert.False(Secret.IsToken(token + "0"));
    }
}
