using AdminConsole.Core.Changes;
using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Data;
using AdminConsole.Core.Email;
using AdminConsole.Core.Identity;
using AdminConsole.Core.Security;
using AdminConsole.Tests.Authentication;
using AdminConsole.Tests.OAuth;
using AdminConsole.Tests.Tokens;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Tests.Security;

/// <summary>The credentials and pending operations of an account before a takeover is contained.</summary>
public abstract partial class TakeoverTests
{
    private sealed record Credential(Func<Task<bool>> IsThereAsync, Func<Task<ApiResponse>>? TryAsync = null);

    private async Task<Dictionary<string, Credential>> SecretsAsync(TestUser person, ApiClient admin)
    {
        var (id, email) = (person.Id, person.Email);
        // Created first, because a new link of an administrator replaces the others.
        var adminLink = (await admin.PostAsync($"/api/users/{id}/reset-password")).Is(200).As<PasswordResetLink>().ResetToken;
        var device = await app.ConnectAsync(person.Caller);
        var token = await person.Caller.CreateTokenAsync();
        var code = (await person.Caller.PostAsync("/api/auth/cli-code")).Is(200).As<CliCode>().Code;
        var request = await app.RequestDeviceAsync();
        Assert.Null((await app.ApproveAsync(person.Caller, request.UserCode)).Refusal);
        var offer = (await device.Caller.PostAsync("/api/auth/mfa/totp")).Is(200).As<TotpOffer>();
        var (ownLink, invitation, emailLink, notMe) = (Secret.Create(), Secret.Create(), Secret.Create(), Secret.Create());
        var (mail, emailMail, other) = (Guid.CreateVersion7(), Guid.CreateVersion7(), TestData.Email("wanted"));
        var stamp = await app.ReadAsync(db => db.Users.Where(user => user.Id == id).Select(user => user.SecurityStamp).SingleAsync());
        await AddAsync(db =>
        {
            var now = app.Clock.GetUtcNow();
            db.Add(Link(id, email, ownLink, now, SingleUseTokens.ForgottenPassword));
            db.Add(Link(id, email, invitation, now, SingleUseTokens.Invitation));
            db.Add(Link(id, other, emailLink, now, SingleUseTokens.ChangeEmail));
            db.Add(
                new NewDeviceAlert
                {
                    Id = Guid.CreateVersion7(),
                    UserId = id,
                    SecretHash = Secret.Hash(notMe),
                    ExpiresAt = now.AddDays(1),
                }
            );
            db.Add(
                new IdentityUserLogin<Guid>
                {
                    UserId = id,
                    LoginProvider = "Example",
                    ProviderKey = $"{id}",
                }
            );
            db.Add(Waiting(mail, "password-reset", email, now));
            db.Add(Waiting(emailMail, EmailTemplates.ConfirmEmailKind, other, now));
        });
        return new Dictionary<string, Credential>
        {
            [AdminLink] = OfLink(adminLink, email),
            [OwnLink] = OfLink(ownLink, email),
            [Invitation] = OfLink(invitation, email),
            [EmailLink] = new(
                () => IsOpenAsync(emailLink),
                () => app.Anonymous().PostAsync("/api/auth/confirm-email", new { email = other, token = emailLink })
            ),
            [EmailMail] = new(() => AnyAsync(db => db.OutboxMails.Where(row => row.Id == emailMail))),
            [Mail] = new(() => AnyAsync(db => db.OutboxMails.Where(row => row.Id == mail))),
            [ConnectCode] = new(
                () =>
                    AnyAsync(db =>
                        db.DeviceRequests.Where(row =>
                            row.DecidedById == id
                            && row.UserCodeHash == null
                            && row.State == AdminConsole.Core.OAuth.DeviceRequestState.Approved
                        )
                    ),
                () => app.RedeemAsync(code)
            ),
            [Approved] = new(
                () =>
                    AnyAsync(db =>
                        db.DeviceRequests.Where(row =>
                            row.DecidedById == id
                            && row.UserCodeHash != null
                            && row.State == AdminConsole.Core.OAuth.DeviceRequestState.Approved
                        )
                    ),
                () => app.PollAsync(request)
            ),
            [SecondStep] = new(() => AnyAsync(db => db.Users.Where(user => user.Id == id && user.SecurityStamp == stamp))),
            [Enrolment] = new(
                () => AnyAsync(db => db.Users.Where(user => user.Id == id && user.SecurityStamp == stamp)),
                () =>
                    device.Caller.PostAsync(
                        "/api/auth/mfa/totp/confirm",
                        new { enrolment = offer.Enrolment, code = EnrolledUser.CodeOf(app, offer) }
                    )
            ),
            [NotMe] = new(() =>
                AnyAsync(db => db.NewDeviceAlerts.Where(row => row.SecretHash == Secret.Hash(notMe) && row.UsedAt == null))
            ),
            [Session] = new(async () => (await person.Caller.GetAsync("/api/auth/me")).Status == 200),
            [Device] = new(() => AnyAsync(db => db.ConnectedDevices.Where(row => row.Id == device.Id)), () => device.RefreshAsync()),
            [Token] = new(
                () => AnyAsync(db => db.PersonalAccessTokens.Where(row => row.Id == token.Id && row.RevokedAt == null)),
                () => app.With(token.Token).MeAsync()
            ),
            [Provider] = new(() => AnyAsync(db => db.UserLogins.Where(row => row.UserId == id))),
            [Browser] = new(() => AnyAsync(db => db.KnownBrowsers.Where(row => row.UserId == id))),
        };
    }

    private Credential OfLink(string secret, string email) =>
        new(
            () => IsOpenAsync(secret),
            () =>
                app.Anonymous()
                    .PostAsync(
                        "/api/auth/reset-password",
                        new
                        {
                            email,
                            token = secret,
                            newPassword = "a third horse battery 3",
                        }
                    )
        );

    private Task<bool> IsOpenAsync(string secret) =>
        AnyAsync(db => db.SingleUseLinks.Where(row => row.SecretHash == Secret.Hash(secret) && row.UsedAt == null));

    private static OutboxMail Waiting(Guid id, string kind, string recipient, DateTimeOffset now) =>
        new()
        {
            Id = id,
            Kind = kind,
            Recipient = recipient,
            Content = [1],
            State = MailStates.Waiting,
            CreatedAt = now,
            DueAt = now.AddDays(1),
            ValidUntil = null,
        };

    private static SingleUseLink Link(Guid id, string name, string secret, DateTimeOffset now, string purpose) =>
        new()
        {
            Id = Guid.CreateVersion7(),
            UserId = id,
            Name = name,
            Purpose = purpose,
            SecretHash = Secret.Hash(secret),
            CreatedAt = now,
            ExpiresAt = now.AddHours(1),
        };

    private Task<bool> AnyAsync<T>(Func<AppDbContext, IQueryable<T>> rows) => app.ReadAsync(db => rows(db).AnyAsync());

    private Task AddAsync(Action<AppDbContext> add) =>
        app.RunAsync<AppDbContext, Result<Unit>>(db =>
            db.ChangeAsync<Unit>(
                TestData.System,
                null,
                change =>
                {
                    change.Record(AuditActions.UserUpdated, null);
                    add(db);
                    return Task.FromResult<Result<Unit>>(default(Unit));
                },
                default
            )
        );
}
