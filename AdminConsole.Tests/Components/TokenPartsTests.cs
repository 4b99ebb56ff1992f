using AdminConsole.Components.Controls;
using AdminConsole.Components.Pages.Tokens;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Security;
using AdminConsole.Core.Tokens;
using Bunit;

namespace AdminConsole.Tests.Components;

/// <summary>Texts about tokens in rows and dialogs.</summary>
public sealed class TokenPartsTests : BunitContext
{
    private static readonly DateTimeOffset Now = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    private static TokenSummary Token(string state = TokenStates.Active, params string[] scopes) =>
        new()
        {
            Id = Guid.CreateVersion7(),
            Name = "Nightly backup",
            Prefix = "acpat_01234567",
            Scopes = scopes,
            State = state,
            CreatedAt = Now.AddDays(-1),
            ExpiresAt = Now.AddDays(30),
            LastUsedAt = null,
            LastUsedIp = null,
            RevokedAt = null,
            RotatedFrom = null,
            OverlapEndsAt = null,
            EndsOnFirstUse = false,
            ReuseDetectedAt = null,
        };

    private string StatusOf(TokenSummary token) => Render(TokenState.Of(token, Now)).Find(".status").TextContent;

    [Theory]
    [InlineData("This token can read users and the audit log.", "users.read", "audit.read")]
    [InlineData("This token can read users, roles and your profile.", "profile.read", "roles.read", "users.read")]
    [InlineData("This token can end sessions.", "sessions.end")]
    [InlineData("This token can read users and manage users.", "users.read", "users.write")]
    [InlineData("This token can read users and roles, and assign roles.", "users.read", "roles.read", "roles.assign")]
    [InlineData("Select at least one scope.")]
    public void Scopes_are_described_in_a_sentence(string expected, params string[] scopes) =>
        Assert.Equal(expected, ScopeText.Sentence(scopes.ToHashSet()));

    [Fact]
    public void Every_permission_has_a_resource_and_a_place_in_the_sentence()
    {
        Assert.Equal(Permissions.All, ScopeText.ByResource(Permissions.All).SelectMany(group => group.Scopes).ToHashSet());
        Assert.All(Permissions.All, scope => Assert.NotEqual("This token can .", ScopeText.Sentence(new HashSet<string> { scope })));
    }

    [Fact]
    public void Scopes_are_summarized_and_full_access_is_highlighted()
    {
        Assert.Equal("audit.read", ScopeText.Summary(["audit.read"]));
        Assert.Equal("2 scopes", ScopeText.Summary(["audit.read", "users.read"]));
        var full = Render(TokenCells.Scopes(Token(TokenStates.Active, [.. Permissions.All]))).Find("button");
        Assert.Equal(("Full access", true), (full.TextContent, full.ClassList.Contains("full-access")));
    }

    [Fact]
    public void A_status_is_a_word_for_each_state()
    {
        Assert.Equal("Active", StatusOf(Token()));
        Assert.Equal("Paused", StatusOf(Token(TokenStates.Inactive)));
        Assert.Equal("Expires in 4 days", StatusOf(Token() with { ExpiresAt = Now.AddDays(4) }));
        Assert.Equal("Active", StatusOf(Token() with { ExpiresAt = null }));
        Assert.Equal("Expired", StatusOf(Token(TokenStates.Expired)));
        Assert.Equal("Revoked", StatusOf(Token(TokenStates.Revoked) with { RevokedAt = Now }));
        Assert.Equal("Overlap until 13:30 UTC", StatusOf(Token(TokenStates.Rotated) with { OverlapEndsAt = Now.AddMinutes(90) }));
        Assert.Equal(
            "Overlap until first use",
            StatusOf(Token(TokenStates.Rotated) with { OverlapEndsAt = Now.AddDays(1), EndsOnFirstUse = true })
        );
        Assert.Equal("Rotated", StatusOf(Token(TokenStates.Rotated) with { OverlapEndsAt = Now.AddMinutes(-1) }));
        Assert.Equal("Rotated", StatusOf(Token(TokenStates.Rotated)));
    }

    [Fact]
    public void A_rotated_token_follows_its_successor_in_every_order()
    {
        var old = Token(TokenStates.Rotated) with { CreatedAt = Now.AddDays(-9) };
        var successor = Token() with { CreatedAt = Now, RotatedFrom = old.Id };
        var other = Token() with { Name = "Another", CreatedAt = Now.AddDays(-3) };

        Assert.Equal([successor, old, other], TokenRows.ByLine([other, old, successor], null));
        Assert.Equal([other, successor, old], TokenRows.ByLine([other, old, successor], "name"));
    }

    [Fact]
    public void A_row_stays_the_same_object_while_its_value_changes()
    {
        var before = GridRows.Update([], [(1, "a"), (2, "b")], value => value.Item1);
        var after = GridRows.Update(before, [(2, "c"), (3, "d")], value => value.Item1);

        Assert.Same(before[1], after[0]);
        Assert.Equal(["c", "d"], after.Select(row => row.Value.Item2));
    }
}
