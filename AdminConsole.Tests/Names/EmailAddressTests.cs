using AdminConsole.Core.Names;

namespace AdminConsole.Tests.Names;

public sealed class EmailAddressTests
{
    private static readonly string LongLabel = new('a', 64);

    [Theory]
    [InlineData("user@bücher.example", "user@xn--bcher-kva.example")]
    [InlineData("user@bücher.example", "USER@XN--BCHER-KVA.EXAMPLE")]
    [InlineData("user@bücher.example", "user@Bu\u0308cher.example")]
    [InlineData("user@bücher.example", "user@BÜCHER.example.")]
    [InlineData("user@example.com", "user@example.com.")]
    [InlineData("user@example.com", "user@example\uff0ecom")]
    [InlineData("user@example.com", "user@example\u3002com")]
    [InlineData("user@example.com", "user@example\uff61com\u3002")]
    [InlineData("user@example.com", "user@ｅｘａｍｐｌｅ.com")]
    [InlineData("josé@example.com", "JOSE\u0301@example.com")]
    [InlineData("kate@example.com", "\u212aate@example.com")]
    public void One_mailbox_has_one_form(string one, string other)
    {
        Assert.Null(EmailAddress.Check("email", other));
        Assert.Equal(EmailAddress.Fold(one), EmailAddress.Fold(other));
        Assert.Equal(EmailAddress.Fold(one), EmailAddress.Fold(EmailAddress.Compose(other)));
        Assert.Equal(EmailAddress.Fold(one), EmailAddress.Fold(EmailAddress.ToAscii(other)));
    }

    [Theory]
    [InlineData("user@faß.de", "user@fass.de")]
    [InlineData("a.b@example.com", "ab@example.com")]
    [InlineData("a+b@example.com", "a@example.com")]
    public void Different_mailboxes_stay_different(string one, string other) =>
        Assert.NotEqual(EmailAddress.Fold(one), EmailAddress.Fold(other));

    [Theory]
    [InlineData("user@bücher.example", "user@xn--bcher-kva.example")]
    [InlineData("user@example\u3002com", "user@example.com")]
    [InlineData("josé@example.com", "josé@example.com")]
    [InlineData("user@example.com", "user@example.com")]
    public void Mail_goes_to_the_ascii_form_of_the_domain(string address, string sent) => Assert.Equal(sent, EmailAddress.ToAscii(address));

    [Theory]
    [InlineData("o'neil+tag@example.co.uk")]
    [InlineData("a!b#c$d%e&f*g/h=i?j^k_l`m{n|o}p~q-r@example.com")]
    [InlineData("user@localhost")]
    [InlineData("用户@例子.测试")]
    [InlineData("राम@उदाहरण.परीक्षा")]
    [InlineData("a@1and1.example")]
    public void Deliverable_addresses_are_accepted(string address) => Assert.Null(EmailAddress.Check("email", address));

    public static TheoryData<string> Unreachable() =>
        [
            "",
            "@",
            "a@",
            "@b",
            "a@b@c",
            "\"a,b\"@example.com",
            "\"a\"@example.com",
            "a.@example.com",
            ".a@example.com",
            "a..b@example.com",
            "a b@example.com",
            "a,b@example.com",
            "a@-example.com",
            "a@example-.com",
            "a@ex!mple.com",
            "a@ex_mple.com",
            "a@example..com",
            "a@.example.com",
            "a@[127.0.0.1]",
            "a@127.0.0.1",
            "a@xn--a.example",
            $"a@{LongLabel}.com",
            $"{LongLabel}a@example.com",
            new string('é', 33) + "@example.com",
            $"a@{string.Join('.', Enumerable.Repeat(LongLabel[..60], 5))}.com",
            "inv\u200bx@example.com",
            "a@ex\u200bample.com",
            "a@ex\u00adample.com",
            "a\u202e@example.com",
            "a@exam\nple.com",
            "😀@example.com",
            "a@example.com\u0000",
            "ａ＠example.com",
        ];

    [Theory]
    [MemberData(nameof(Unreachable))]
    public void Undeliverable_addresses_are_refused(string address) =>
        Assert.Equal("email", Assert.Single(EmailAddress.Check("email", address)!.Errors!).Key);
}
