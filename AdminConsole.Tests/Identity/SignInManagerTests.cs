using AdminConsole.Authentication;
using AdminConsole.Core.Users;
using Microsoft.AspNetCore.Identity;

namespace AdminConsole.Tests.Identity;

/// <summary>Identity's sign-in methods, as custom code would call them within a request.</summary>
public sealed class SignInManagerTests(SqliteApp app) : IClassFixture<SqliteApp>
{
    // Runs work in a new request, whose response contains the cookies.
    private async Task<T> InRequestAsync<T>(Func<SignInManager<AppUser>, HttpContext, Task<T>> work)
    {
        await using var scope = app.Services.CreateAsyncScope();
        var context = new DefaultHttpContext { RequestServices = scope.ServiceProvider };
        context.Request.Scheme = "http";
        scope.ServiceProvider.GetRequiredService<IHttpContextAccessor>().HttpContext = context;
        return await work(scope.ServiceProvider.GetRequiredService<SignInManager<AppUser>>(), context);
    }

    [Fact]
    public async Task A_right_password_begins_a_session_and_sets_its_cookie()
    {
        var user = await app.CreateUserAsync(password: TestData.Password);

        var cookies = await InRequestAsync(
            async (signIn, context) =>
            {
                Assert.IsType<AppSignInManager>(signIn);
                Assert.Equal(
                    SignInResult.Success,
                    await signIn.PasswordSignInAsync(user.Email!, TestData.Password, isPersistent: false, lockoutOnFailure: false)
                );
                return context.Response.Headers.SetCookie.ToString();
            }
        );

        Assert.Contains("AdminConsole=", cookies, StringComparison.Ordinal);
        Assert.Equal(1, await app.ReadAsync(db => Task.FromResult(db.Sessions.Count(session => session.UserId == user.Id))));
    }

    [Fact]
    public async Task A_wrong_password_counts_even_if_the_caller_disables_lockout()
    {
        var user = await app.CreateUserAsync(password: TestData.Password);

        Assert.Equal(
            SignInResult.Failed,
            await InRequestAsync(
                (signIn, _) => signIn.PasswordSignInAsync(user.Email!, TestData.NewPassword, isPersistent: false, lockoutOnFailure: false)
            )
        );

        Assert.Equal(1, await app.ReadAsync(db => Task.FromResult(db.FailedSignInAttempts.Count(failure => failure.BudgetId == user.Id))));
    }

    [Fact]
    public async Task With_a_second_factor_the_right_password_waits_for_a_code()
    {
        var person = await AdminConsole.Tests.Authentication.EnrolledUser.CreateAsync(app);

        var (result, cookies) = await InRequestAsync(
            async (signIn, context) =>
                (
                    await signIn.PasswordSignInAsync(person.User.Email!, TestData.Password, isPersistent: false, lockoutOnFailure: true),
                    context.Response.Headers.SetCookie.ToString()
                )
        );

        Assert.Equal(SignInResult.TwoFactorRequired, result);
        Assert.Contains("SecondStep", cookies, StringComparison.Ordinal);
        Assert.Equal(
            SignInResult.Failed,
            await InRequestAsync(
                (signIn, _) => signIn.TwoFactorAuthenticatorSignInAsync("123456", isPersistent: false, rememberClient: false)
            )
        );
    }

    [Fact]
    public async Task A_deactivated_user_cannot_sign_in() =>
        Assert.True(
            await InRequestAsync(
                async (signIn, _) =>
                {
                    var user = AppUser.Draft("a@example.com", null, null);
                    var before = await signIn.CanSignInAsync(user);
                    user.Deactivate(TestData.System, app.Clock.GetUtcNow(), null, null);
                    return before && !await signIn.CanSignInAsync(user);
                }
            )
        );

    [Fact]
    public async Task A_sign_in_that_would_bypass_failures_or_sessions_throws()
    {
        var user = AppUser.Draft("a@example.com", null, null);
        await InRequestAsync(
            async (signIn, _) =>
            {
                await Assert.ThrowsAsync<NotSupportedException>(() =>
                    signIn.CheckPasswordSignInAsync(user, TestData.Password, lockoutOnFailure: true)
                );
                await Assert.ThrowsAsync<NotSupportedException>(() => signIn.SignInAsync(user, isPersistent: true));
                await Assert.ThrowsAsync<NotSupportedException>(() => signIn.PasskeySignInAsync("{}"));
                await Assert.ThrowsAsync<NotSupportedException>(() => signIn.RefreshSignInAsync(user));
                await Assert.ThrowsAsync<NotSupportedException>(() =>
                    signIn.TwoFactorSignInAsync("Email", "1", isPersistent: false, rememberClient: false)
                );
                return true;
            }
        );
    }
}
