using System.Diagnostics;
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
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace AdminConsole.Tests.Identity;

/// <summary>
/// How many SQL statements an operation sends, with the audit event and the change itself. A number may fall; where it
/// has to rise, the
/// reason belongs in the commit.
/// </summary>
public abstract class StatementTests(AdminApp app)
{
    // The most on SQLite and on PostgreSQL, and how the operation is made ready.
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
                var person = await Enrolled.CreateAsync(stage.App);
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
                var person = await stage.App.PersonAsync();
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
                            Keys.Challenge(stage.App),
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
                var person = await stage.App.PersonAsync();
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
                var (person, email) = (await stage.App.PersonAsync(), TestData.Email());
                (await person.Caller.PostAsync("/api/auth/email", new { email })).Is(202);
                var token = (await stage.App.MailsAsync("confirm-email", email))[0].Of("token");
                return () =>
                    stage.RunAsync<EmailChanges, Unit>(changes =>
                        changes.ConfirmAsync(Actor.Anonymous(), new() { Email = email, Token = token }, default)
                    );
            }
        ),
    };

    public static TheoryData<string> Names => [.. Operations.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task No_operation_sends_more_statements_than_it_did(string operation)
    {
        var (sqlite, postgres, prepare) = Operations[operation];
        var most = app.Provider == DatabaseProvider.Sqlite ? sqlite : postgres;
        var stage = new Stage(app);
        List<string> sent = [];
        // More than once: some things are read once, and a change that meets one of the program's workers runs again.
        for (var run = 0; run < 3 && (run == 0 || sent.Count > most); run++)
        {
            sent = await Statements.CountAsync(await prepare(stage));
        }

        Assert.NotEmpty(sent);
        Assert.True(sent.Count <= most, $"{operation}: {sent.Count}\n{string.Join("\n---\n", sent)}");
    }

    private sealed record Stage(AdminApp App)
    {
        public async Task<Func<Task>> OnUserAsync(Func<Guid, Task> act)
        {
            var user = await App.CreateUserAsync(password: TestData.Password);
            return () => act(user.Id);
        }

        public Actor ActorOf(TestUser person) =>
            TestData.System with
            {
                UserId = person.Id,
                Name = person.Email,
                Via = AuthenticationMethod.Session,
                AuthenticatedAt = App.Clock.GetUtcNow(),
            };

        public async Task RunAsync<TService, T>(Func<TService, Task<Result<T>>> act, bool isRefused = false)
            where TService : notnull => Assert.Equal(isRefused, (await App.RunAsync(act)).Refusal is not null);
    }

    /// <summary>What this flow sends; workers of the program run beside it.</summary>
    private sealed class Statements : IObserver<DiagnosticListener>, IObserver<KeyValuePair<string, object?>>
    {
        private static readonly AsyncLocal<List<string>?> Sent = new();

        static Statements() => DiagnosticListener.AllListeners.Subscribe(new Statements());

        public static async Task<List<string>> CountAsync(Func<Task> act)
        {
            var sent = Sent.Value = [];
            await act();
            Sent.Value = null;
            return sent;
        }

        public void OnNext(DiagnosticListener value)
        {
            if (value.Name == "Microsoft.EntityFrameworkCore")
            {
                value.Subscribe(this);
            }
        }

        public void OnNext(KeyValuePair<string, object?> value)
        {
            if (value.Value is CommandEventData command && value.Key == RelationalEventId.CommandExecuting.Name)
            {
                Sent.Value?.Add(command.Command.CommandText);
            }
        }

        public void OnCompleted() { }

        public void OnError(Exception error) { }
    }

    public sealed class OnSqlite(SqliteApp app) : StatementTests(app), IClassFixture<SqliteApp>;

    public sealed class OnPostgres(PostgresApp app) : StatementTests(app), IClassFixture<PostgresApp>;
}
