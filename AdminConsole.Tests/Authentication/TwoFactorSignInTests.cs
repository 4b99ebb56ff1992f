using AdminConsole.Core.Account;
using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Tests.Authentication;

public abstract class TwoFactorSignInTests(AdminApp app)
{
    private Task<Result<T>> OwnAsync<T>(Func<OwnFactors, Task<Result<T>>> operation) => app.RunAsync(operation);

    private Task<List<string?>> ReasonsAsync(Guid user) =>
        app.ReadAsync(db =>
            db.AuditEvents.Where(entry => entry.Action == "auth.sign_in_failed" && entry.TargetId == user.ToString())
                .OrderBy(entry => entry.Id)
                .Select(entry => entry.Details)
                .ToListAsync()
        );

    private static async Task<ApiResponse> EvenIfBusyAsync(Func<Task<ApiResponse>> operation)
    {
        while (true)
        {
            var answer = await operation();
            if (answer.Status != 503)
            {
                return answer;
            }
        }
    }

    [Fact]
    public async Task A_password_alone_requires_a_code_which_signs_in()
    {
        var person = await EnrolledUser.CreateAsync(app);
        using var caller = app.Anonymous();
        var watch = await app.WatchAsync();

        (await person.SignInAsync(caller)).Refuses(401, "mfa_required");
        await watch.NothingHappenedAsync();
        (await caller.GetAsync("/api/auth/me")).Refuses(401, "unauthenticated");
        var me = (await person.SignInAsync(caller, person.Code())).Is(200).As<Me>();

        Assert.True(me.MfaEnabled);
        await watch.RecordedAsync("auth.signed_in");
        Assert.Equal(
            "password+totp",
            (await caller.GetAsync("/api/sessions")).As<Page<SessionSummary>>().Items.Single(session => session.Current).Method
        );
    }

    [Fact]
    public async Task A_wrong_password_does_not_disclose_that_a_code_is_required()
    {
        var person = await EnrolledUser.CreateAsync(app);
        using var caller = app.Anonymous();

        var answer = await caller.PostAsync(
            "/api/auth/login",
            new
            {
                login = person.User.Email,
                password = TestData.NewPassword,
                code = person.Code(),
            }
        );

        answer.Refuses(401, "invalid_credentials");
        (await person.SignInAsync(caller, person.Code())).Is(200);
    }

    [Fact]
    public async Task A_code_is_never_accepted_twice_nor_one_before_it()
    {
        var person = await EnrolledUser.CreateAsync(app);
        using var caller = app.Anonymous();
        var (code, before) = (person.Code(), person.Code(-1));
        (await person.SignInAsync(caller, code)).Is(200);

        (await person.SignInAsync(caller, code)).Refuses(401, "invalid_credentials");
        (await person.SignInAsync(caller, before)).Refuses(401, "invalid_credentials");

        Assert.All(await ReasonsAsync(person.User.Id), details => Assert.Contains("wrong_code", details!, StringComparison.Ordinal));
        Assert.Equal(2, (await ReasonsAsync(person.User.Id)).Count);
    }

    [Fact]
    public async Task Of_32_concurrent_sign_ins_with_one_code_one_succeeds()
    {
        for (var round = 0; round < 2; round++)
        {
            var person = await EnrolledUser.CreateAsync(app);
            var code = person.Code();

            var answers = await Task.WhenAll(
                Enumerable
                    .Range(0, 32)
                    .Select(async _ =>
                    {
                        using var caller = app.Anonymous();
                        return await EvenIfBusyAsync(() => person.SignInAsync(caller, code));
                    })
            );

            Assert.Single(answers, answer => answer.Status == 200);
            Assert.All(answers.Where(answer => answer.Status != 200), answer => answer.Refuses(401, "invalid_credentials"));
        }
    }

    [Fact]
    public async Task Of_32_concurrent_sign_ins_with_one_recovery_code_one_succeeds()
    {
        for (var round = 0; round < 2; round++)
        {
            var person = await EnrolledUser.CreateAsync(app);

            var answers = await Task.WhenAll(
                Enumerable
                    .Range(0, 32)
                    .Select(async _ =>
                    {
                        using var caller = app.Anonymous();
                        return await EvenIfBusyAsync(() => person.SignInAsync(caller, recoveryCode: person.RecoveryCodes[3]));
                    })
            );

            Assert.Single(answers, answer => answer.Status == 200);
            Assert.Equal(9, (await OwnAsync(own => own.GetAsync(person.Actor, default))).Value.RecoveryCodesLeft);
            Assert.Equal(
                1,
                await app.ReadAsync(db =>
                    db.AuditEvents.CountAsync(entry =>
                        entry.Action == "auth.recovery_code_used" && entry.TargetId == person.User.Id.ToString()
                    )
                )
            );
        }
    }

    [Fact]
    public async Task A_recovery_code_is_accepted_with_spaces_in_any_case_and_works_once()
    {
        var person = await EnrolledUser.CreateAsync(app);
        using var caller = app.Anonymous();
        var typed = person.RecoveryCodes[0].Replace("-", " ", StringComparison.Ordinal).ToLowerInvariant();

        (await person.SignInAsync(caller, recoveryCode: typed)).Is(200);
        (await person.SignInAsync(caller, recoveryCode: typed)).Refuses(401, "invalid_credentials");

        Assert.Equal(9, (await OwnAsync(own => own.GetAsync(person.Actor, default))).Value.RecoveryCodesLeft);
    }

    [Fact]
    public async Task Another_users_recovery_code_is_refused()
    {
        var (person, other) = (await EnrolledUser.CreateAsync(app), await EnrolledUser.CreateAsync(app));
        using var caller = app.Anonymous();

        (await person.SignInAsync(caller, recoveryCode: other.RecoveryCodes[0])).Refuses(401, "invalid_credentials");
        (await person.SignInAsync(caller, other.Code())).Refuses(401, "invalid_credentials");
    }

    [Fact]
    public async Task Of_concurrent_guesses_at_password_code_and_recovery_code_at_most_10_are_checked()
    {
        for (var round = 0; round < 2; round++)
        {
            var person = await EnrolledUser.CreateAsync(app);
            var wrong = person.WrongCode();

            var answers = await Task.WhenAll(
                Enumerable
                    .Range(0, 36)
                    .Select(async number =>
                    {
                        using var caller = app.Anonymous();
                        return await EvenIfBusyAsync(() =>
                            (number % 3) switch
                            {
                                0 => caller.PostAsync(
                                    "/api/auth/login",
                                    new { login = person.User.Email, password = TestData.NewPassword }
                                ),
                                1 => person.SignInAsync(caller, wrong),
                                _ => person.SignInAsync(caller, recoveryCode: "BCDF-GHJK-LMNP-QRST"),
                            }
                        );
                    })
            );

            Assert.All(answers, answer => answer.Refuses(401, "invalid_credentials"));
            var reasons = await ReasonsAsync(person.User.Id);
            Assert.Equal(10, reasons.Count(details => details!.Contains("wrong_", StringComparison.Ordinal)));
            Assert.Equal(36, reasons.Count);
            using var late = app.Anonymous();
            (await person.SignInAsync(late, person.Code())).Refuses(401, "invalid_credentials");
        }
    }

    [Fact]
    public async Task A_request_for_the_code_does_not_count_as_a_failure()
    {
        var person = await EnrolledUser.CreateAsync(app);
        using var caller = app.Anonymous();

        for (var attempt = 0; attempt < 12; attempt++)
        {
            (await person.SignInAsync(caller)).Refuses(401, "mfa_required");
        }

        (await person.SignInAsync(caller, person.Code())).Is(200);
    }

    [Fact]
    public async Task Reauthentication_requires_the_code_too()
    {
        var person = await EnrolledUser.CreateAsync(app);
        using var caller = app.Anonymous();
        (await person.SignInAsync(caller, person.Code())).Is(200);
        person.NextCode();

        (await caller.PostAsync("/api/auth/reauthenticate", new { password = TestData.Password })).Refuses(401, "mfa_required");
        (await caller.PostAsync("/api/auth/reauthenticate", new { password = TestData.Password, code = person.WrongCode() })).Refuses(
            401,
            "invalid_credentials"
        );
        (await caller.PostAsync("/api/auth/reauthenticate", new { password = TestData.Password, code = person.Code() })).Is(204);
        (await caller.PostAsync("/api/auth/reauthenticate", new { password = TestData.Password, code = person.Code() })).Refuses(
            401,
            "invalid_credentials"
        );
        (await caller.PostAsync("/api/auth/reauthenticate", new { code = person.Code() })).RefusesFields("password");
    }

    public sealed class OnSqlite(SqliteApp app) : TwoFactorSignInTests(app), IClassFixture<SqliteApp>;

    public sealed class OnPostgres(PostgresApp app) : TwoFactorSignInTests(app), IClassFixture<PostgresApp>;
}
