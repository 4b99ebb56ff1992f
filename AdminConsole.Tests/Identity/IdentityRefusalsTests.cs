using System.Reflection;
using AdminConsole.Core.Identity;
using AdminConsole.Core.Users;
using Microsoft.AspNetCore.Identity;

namespace AdminConsole.Tests.Identity;

public sealed class IdentityRefusalsTests
{
    [Fact]
    public void Every_error_of_Identity_is_a_refusal_with_a_code_and_a_sentence()
    {
        var refusals = new IdentityRefusals();
        var methods = typeof(IdentityErrorDescriber).GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly);

        var errors = methods.Select(method => method.Invoke(refusals, [.. method.GetParameters().Select(Example)])).ToList();

        Assert.True(errors.Count >= 22);
        Assert.All(errors, error => Assert.EndsWith(".", Assert.IsType<RefusalError>(error).Refusal.Message, StringComparison.Ordinal));
        Assert.All(errors.Cast<RefusalError>(), error => Assert.Matches("^[a-z_]+$", error.Refusal.Code));
    }

    [Fact]
    public void An_error_of_an_added_rule_keeps_its_text_under_the_field()
    {
        var refusal = IdentityResult
            .Failed(new IdentityError { Code = "NoSpaces", Description = "Use no spaces." })
            .ToRefusal("newPassword");

        Assert.Equal("validation_failed", refusal?.Code);
        Assert.Equal(["Use no spaces."], refusal!.Errors!["newPassword"]);
        Assert.Null(IdentityResult.Success.ToRefusal("any"));
    }

    [Theory]
    [InlineData("Zoë@Example.COM")]
    [InlineData("Straße")]
    [InlineData("İstanbul")]
    [InlineData("a\u030a@bücher.example")]
    public void Identity_folds_names_as_users_fold_their_own(string name)
    {
        var normalizer = new LookupNormalizer();

        Assert.Equal(AppUser.NormalizeLogin(name), normalizer.NormalizeName(name));
        Assert.Equal(AppUser.NormalizeLogin(name), normalizer.NormalizeEmail(name));
        Assert.Null(normalizer.NormalizeName(null));
    }

    private static object Example(ParameterInfo parameter) => parameter.ParameterType == typeof(int) ? 3 : "example";
}
