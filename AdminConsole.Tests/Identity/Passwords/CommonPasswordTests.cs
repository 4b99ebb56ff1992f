using AdminConsole.Core.Identity.Passwords;

namespace AdminConsole.Tests.Identity.Passwords;

public sealed class CommonPasswordTests
{
    [Theory]
    [InlineData("1q2w3e4r5t6y")]
    [InlineData("QWERTY123456")]
    [InlineData("1qaz2wsx3edc4rfv")]
    public void The_most_common_passwords_are_refused_in_any_case(string password)
    {
        var refusal = PasswordPolicy.Check(password, PasswordPolicy.MinimumLength, "password", new PasswordOwner(null, null, null));

        Assert.Contains("most common", refusal?.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("123456")]
    [InlineData("password")]
    [InlineData("iloveyou")]
    public void The_list_begins_with_the_most_common_passwords(string password) => Assert.True(CommonPasswords.Contains(password));

    [Theory]
    [InlineData(TestData.Password)]
    [InlineData("## https://github.com")]
    [InlineData("")]
    public void A_password_outside_the_list_is_not_refused(string password) => Assert.False(CommonPasswords.Contains(password));
}
