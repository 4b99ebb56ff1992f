using System.Text.Json;
using AdminConsole.Core.Audit;
using AdminConsole.Core.Changes;
using AdminConsole.Core.Contracts;

namespace AdminConsole.Tests.Audit;

/// <summary>The sentences for audit events, and the names of export files.</summary>
public sealed class SentenceTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);

    private static AuditEntry Event(
        string action,
        string? details = null,
        AuditTarget? target = null,
        string actor = "boss",
        string type = "user"
    ) =>
        new(
            1,
            Now,
            action,
            new AuditActor(type, type == "user" ? Guid.Empty : null, actor, "session"),
            target,
            null,
            null,
            null,
            null,
            null,
            details is null ? null : JsonSerializer.Deserialize<JsonElement>(details),
            "hash"
        );

    private static string TextOf(AuditEntry entry) => string.Concat(AuditSentences.Of(entry).Select(part => part.Text));

    public static TheoryData<string> Actions => [.. AuditActions.All];

    [Theory]
    [MemberData(nameof(Actions))]
    public void Every_action_has_a_sentence_a_name_and_search_words(string action)
    {
        var text = AuditActionTexts.Find(action);
        Assert.NotNull(text);
        Assert.True(text.Matches(text.Name) && text.Matches(action));
        foreach (
            var entry in new[]
            {
                Event(action),
                Event(action, "null"),
                Event(action, "[]"),
                Event(action, """{"changes":1,"role":{},"left":"x","count":null}"""),
                Event(action, target: new AuditTarget("user", null, null), type: "anonymous"),
                Event(action, target: new AuditTarget("user", "1", "ana"), type: "system"),
            }
        )
        {
            var sentence = TextOf(entry);
            Assert.True(char.IsLetter(sentence[0]) && sentence.Contains(' ', StringComparison.Ordinal), sentence);
            Assert.DoesNotContain(action, sentence, StringComparison.Ordinal);
            Assert.DoesNotContain("  ", sentence, StringComparison.Ordinal);
            Assert.DoesNotContain('{', sentence);
        }
    }

    [Fact]
    public void No_action_has_two_texts() =>
        Assert.Equal(
            AuditActions.All.Order(StringComparer.Ordinal),
            AuditActionTexts.All.Select(text => text.Action).Order(StringComparer.Ordinal)
        );

    [Theory]
    [InlineData("user.role_removed", """{"role":"Admin"}""", "boss removed Admin from ana")]
    [InlineData("user.role_removed", """{"role":"Old","movedTo":"New"}""", "boss moved ana from Old to New")]
    [InlineData(
        "user.updated",
        """{"changes":[{"field":"userName"},{"field":"displayName"}]}""",
        "boss changed the username and display name of ana"
    )]
    [InlineData("user.updated", """{"erasedEvents":3}""", "boss erased personal data from the audit log")]
    [InlineData("auth.sign_in_failed", """{"reason":"wrong_password"}""", "ana failed to sign in: incorrect password")]
    [InlineData("audit.exported", """{"count":1}""", "boss exported 1 event from the audit log")]
    [InlineData("audit.verified", """{"valid":true,"events":20681}""", "boss verified 20,681 events of the audit log")]
    [InlineData("settings.updated", """{"testMail":"a@example.com","sent":false}""", "boss couldn't send a test email to a@example.com")]
    public void Details_are_filled_in(string action, string details, string expected) =>
        Assert.Equal(expected, TextOf(Event(action, details, new AuditTarget("user", "1", "ana"))));

    [Fact]
    public void Only_names_are_marked()
    {
        var parts = AuditSentences.Of(Event("user.role_added", """{"role":"Admin"}""", new AuditTarget("user", "1", "ana")));

        Assert.Equal(["boss", "Admin", "ana"], parts.Where(part => part.IsName).Select(part => part.Text));
        Assert.Equal([" assigned ", " to "], parts.Where(part => !part.IsName).Select(part => part.Text));
    }

    [Theory]
    [InlineData("auth.sign_in_failed", null, AuditOutcome.Failed, "Failed")]
    [InlineData("auth.locked_out", null, AuditOutcome.Denied, "Locked")]
    [InlineData("access.denied", null, AuditOutcome.Denied, "Denied")]
    [InlineData("token.reuse_detected", null, AuditOutcome.Failed, "Reused")]
    [InlineData("audit.verified", """{"valid":false}""", AuditOutcome.Failed, "Failed")]
    [InlineData("audit.verified", """{"valid":true}""", AuditOutcome.None, null)]
    [InlineData("user.created", null, AuditOutcome.None, null)]
    public void A_failure_has_an_outcome_label(string action, string? details, AuditOutcome outcome, string? word) =>
        Assert.Equal(
            (outcome, word),
            (AuditSentences.OutcomeOf(Event(action, details)), AuditSentences.OutcomeLabel(Event(action, details)))
        );

    [Fact]
    public void Files_are_named_by_their_content_without_personal_data()
    {
        var day = new DateTimeOffset(2026, 11, 17, 0, 0, 0, TimeSpan.Zero);
        (AuditQuery Query, string Name)[] files =
        [
            (new(), "audit_until-2026-11-24.csv"),
            (new() { Action = "role.,user.role_added,user.role_removed" }, "audit_role-changes_until-2026-11-24.csv"),
            (
                new()
                {
                    Action = "auth.sign_in_failed",
                    From = day,
                    To = day.AddDays(1),
                },
                "audit_failed-sign-ins_2026-11-17.csv"
            ),
            (new() { Action = "user.deleted", From = day }, "audit_user-deleted_2026-11-17_2026-11-24.csv"),
            (new() { Action = "user.deleted,role.", To = day }, "audit_selected-actions_until-2026-11-16.csv"),
            (
                new()
                {
                    Actor = "ana@example.com",
                    Search = "secret",
                    Ip = "::1",
                },
                "audit_by-actor_one-ip_search_until-2026-11-24.csv"
            ),
        ];

        Assert.Equal(files.Select(file => file.Name), files.Select(file => AuditFileName.Of(file.Query, "csv", Now)));
        Assert.Equal("audit_until-2026-11-24.ndjson", AuditFileName.Of(new(), "ndjson", Now));
    }
}
