using AdminConsole.Core.Account;
using AdminConsole.Core.Authentication;
using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Roles;
using AdminConsole.Core.Security;
using AdminConsole.Core.Users;
using AdminConsole.Tests.Authentication;
using AdminConsole.Tests.Email;
using Microsoft.AspNetCore.Identity;

namespace AdminConsole.Tests.Identity;

/// <summary>The measured operations, with the most statements each may send.</summary>
public abstract partial class StatementTests
{
    // The maximum on SQLite and on PostgreSQL, and the preparation of the operation.
    private static readonly Dictionary<string, (int Sqlite, int Postgres, Func<Stage, Task<Func<Task>>> Prepare)> Operations = new()
    {
        ["create a user"] = (
            9,
            9,
            stage =>
                Task.FromResult<Func<Task>>(() =>
                    stage.RunAsync<UserLifecycle, UserDetails>(users => users.CreateAsync(TestData.System, TestData.User(), default))
                )
        ),
        ["rename a user"] = (
            7,
            9,
            stage =>
                stage.OnUserAsync(id =>
                    stage.RunAsync<UserLifecycle, UserDetails>(users =>
                        users.UpdateAsync(TestData.System, id, new() { DisplayName = TestData.Name() }, default)
                    )
                )
        ),
        ["give another email"] = (
            16,
            17,
            stage =>
                stage.OnUserAsync(id =>
                    stage.RunAsync<UserLifecycle, UserDetails>(users =>
                        users.UpdateAsync(TestData.System, id, new() { Email = TestData.Email() }, default)
                    )
                )
        ),
        ["deactivate a user"] = (
            12,
            14,
            stage =>
                stage.OnUserAsync(id =>
                    stage.RunAsync<UserLifecycle, UserDetails>(users => users.DeactivateAsync(TestData.System, id, new(), default))
                )
        ),
        ["unlock a user"] = (
            9,
            11,
            stage =>
                stage.OnUserAsync(id =>
                    stage.RunAsync<UserLifecycle, UserDetails>(users => users.UnlockAsync(TestData.System, id, default))
                )
        ),
        ["delete a user"] = (
            15,
            17,
            stage => stage.OnUserAsync(id => stage.RunAsync<UserLifecycle, Unit>(users => users.DeleteAsync(TestData.System, id, default)))
        ),
        ["give a role"] = (
            10,
            11,
            stage =>
                stage.OnUserAsync(id =>
                    stage.RunAsync<RoleAssignments, UserDetails>(roles => roles.AddAsync(TestData.System, id, AppRole.Operator, default))
                )
        ),
        ["take a role"] = (
            10,
            11,
            stage =>
                stage.OnUserAsync(id =>
                    stage.RunAsync<RoleAssignments, UserDetails>(roles => roles.RemoveAsync(TestData.System, id, "User", default))
                )
        ),
        ["set a password"] = (
            13,
            15,
            stage =>
                stage.OnUserAsync(id =>
                    stage.RunAsync<UserCredentials, Unit>(users =>
                        users.SetPasswordAsync(TestData.System, id, new() { Password = TestData.NewPassword }, default)
                    )
                )
        ),
        ["issue a reset link"] = (
            9,
            10,
            stage =>
                stage.OnUserAsync(id =>
                    stage.RunAsync<PasswordResets, IssuedReset>(resets => resets.IssueAsync(TestData.System, id, default))
                )
        ),
        ["redeem a reset link"] = (
            16,
            17,
            async stage =>
            {
                var user = await stage.App.CreateUserAsync(password: TestData.Password);
                var link = (
                    await stage.App.RunAsync<PasswordResets, Result<IssuedReset>>(resets =>
                        resets.IssueAsync(TestData.System, user.Id, default)
                    )
                ).Value;
                return () =>
                    stage.RunAsync<PasswordResets, Unit>(resets =>
                        resets.RedeemAsync(
                            Actor.Anonymous(),
                            new()
                            {
                                Email = link.Name,
                                Token = link.Secret,
                                NewPassword = TestData.NewPassword,
                            },
                            default
                        )
                    );
            }
        ),
        ["sign in"] = (
            14,
            13,
            async stage =>
            {
                var user = await stage.App.CreateUserAsync(password: TestData.Password);
                return () =>
                    stage.RunAsync<PasswordSignIn, SignedIn>(signIn =>
                        signIn.SignInAsync(Actor.Anonymous(), new() { Login = user.Email!, Password = TestData.Password }, default)
                    );
            }
        ),
        ["sign in with a code"] = (
            16,
            15,
            async stage =>
            {
                var person = await EnrolledUser.CreateAsync(stage.App);
                return () =>
                    stage.RunAsync<PasswordSignIn, SignedIn>(signIn =>
                        signIn.SignInAsync(
                            Actor.Anonymous(),
                            new()
                            {
                                Login = person.User.Email!,
                                Password = TestData.Password,
                                Code = person.Code(),
                            },
                            default
                        )
                    );
            }
        ),
        ["fail to sign in"] = (
            10,
            11,
            async stage =>
            {
                var user = await stage.App.CreateUserAsync(password: TestData.Password);
                return () =>
                    stage.RunAsync<PasswordSignIn, SignedIn>(
                        signIn =>
                            signIn.SignInAsync(Actor.Anonymous(), new() { Login = user.Email!, Password = TestData.NewPassword }, default),
                        isRefused: true
                    );
            }
        ),
        ["sign in with a provider"] = (
            12,
            8,
            async stage =>
            {
                var person = await stage.App.SignedInUserAsync();
                var login = new UserLoginInfo("Example", $"{person.Id}", "Example account");
                Assert.Null(
                    (await stage.App.RunAsync<OwnLogins, Result<Unit>>(own => own.AddAsync(stage.ActorOf(person), login, default))).Refusal
                );
                return () =>
                    stage.RunAsync<ExternalSignIn, SignedIn>(signIn =>
                        signIn.SignInAsync(
                            Actor.Anonymous(),
                            login.LoginProvider,
                            login.ProviderKey,
                            TestPasskeys.Challenge(stage.App),
                            remember: false,
                            default
                        )
                    );
            }
        ),
        ["ask for another email"] = (
            11,
            11,
            async stage =>
            {
                var person = await stage.App.SignedInUserAsync();
                return () =>
                    stage.RunAsync<EmailChanges, Unit>(changes =>
                        changes.RequestAsync(stage.ActorOf(person), new() { Email = TestData.Email() }, default)
                    );
            }
        ),
        ["confirm another email"] = (
            15,
            14,
            async stage =>
            {
                var (person, email) = (await stage.App.SignedInUserAsync(), TestData.Email());
                (await person.Caller.PostAsync("/api/auth/email", new { email })).Is(202);
                var token = (await stage.App.MailsAsync("confirm-email", email))[0].Of("token");
                return () =>
                    stage.RunAsync<EmailChanges, Unit>(changes =>
                        changes.ConfirmAsync(Actor.Anonymous(), new() { Email = email, Token = token }, default)
                    );
            }
        ),
    };
}
