using AdminConsole.Core.Common;
using AdminConsole.Core.Names;

namespace AdminConsole.Tests.Names;

public sealed class NameTextTests
{
    [Theory]
    [InlineData("Ann Sample")]
    [InlineData("Zoë Müller")]
    [InlineData("Zoe\u0308 Mu\u0308ller")]
    [InlineData("İlker Işık")]
    [InlineData("مریم می\u200cخواهم")]
    [InlineData("ක්\u200dෂ")]
    [InlineData("\u0d05\u0d28\u0d3f\u0d32\u0d4d\u200d")] // Malayalam ends a word in a joiner.
    [InlineData("葛\U000E0100城")]
    [InlineData("👩\u200d🚀 Ada")]
    [InlineData("👩🏽\u200d🚀")]
    [InlineData("❤\ufe0f\u200d🔥")]
    [InlineData("1\ufe0f\u20e3 first")]
    [InlineData("🏴\U000E0067\U000E0062\U000E0065\U000E006E\U000E0067\U000E007F")]
    [InlineData("🏳️‍🌈")]
    [InlineData("田中　太郎")]
    [InlineData("\ufffd")]
    [InlineData("<b>'; DROP TABLE \"Users\"; --")]
    public void Letters_of_any_script_and_emoji_are_preserved(string name)
    {
        Assert.Null(NameText.Check("name", name));
        Assert.Equal(UnicodeText.Compose(name), name == "\ufffd" ? name : NameText.Clean(name));
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("\u00a0\u3000")]
    [InlineData("\u200b")]
    [InlineData("\u200c")]
    [InlineData("\u0301")]
    [InlineData("\u3164")]
    [InlineData("\u115f\u1160")]
    [InlineData("\u2800")]
    [InlineData("\u00ad")]
    [InlineData("\ufeff")]
    [InlineData("\u034f")]
    [InlineData("\ufe0f")]
    [InlineData("A\u3164nn")]
    [InlineData("Ann \u202e)nimda( moc.elpmaxe@toor")]
    [InlineData("\u2067x")]
    [InlineData("x\u061c")]
    [InlineData("x\u200e")]
    [InlineData("adm\u200cin")]
    [InlineData("adm\u200din")]
    [InlineData("A\ufe0fdmin")]
    [InlineData("A\U000E0100dmin")]
    [InlineData("x\U000E0061")]
    [InlineData("a\nb")]
    [InlineData("a\u2028b")]
    [InlineData("a\u001b[31mred")]
    [InlineData("a\u009b31mred")]
    [InlineData("\ue000")]
    [InlineData("\U000F0000")]
    [InlineData("\ufffe")]
    [InlineData("\U0001FFFE")]
    [InlineData("\u0378")]
    [InlineData("\ufffc")]
    public void Invisible_reordered_private_and_unassigned_characters_are_refused(string name) =>
        Assert.Equal("validation_failed", NameText.Check("name", name)!.Code);

    [Fact]
    public void A_reason_may_have_lines_and_no_escape_sequences()
    {
        Assert.Null(NameText.CheckText("reason", "left\r\n\tthe company", allowLineBreaks: true));
        Assert.NotNull(NameText.CheckText("reason", "left\u001b[2J", allowLineBreaks: true));
        Assert.NotNull(NameText.CheckText("reason", "left \u202e", allowLineBreaks: true));
    }

    [Theory]
    [InlineData("Ann\u202e Lee\n", "Ann Lee")]
    [InlineData("Zoe\u0308", "Zoë")]
    public void The_name_of_a_program_is_sanitized(string name, string clean) => Assert.Equal(clean, NameText.Clean(name));

    [Theory]
    [InlineData("jose\u0301", "josé")]
    [InlineData("\u212aate", "KATE")]
    [InlineData("ſtraße", "sTRAßE")]
    [InlineData("Σίσυφος", "σίσυφοσ")]
    [InlineData("i\u0307", "\u0130")]
    [InlineData("ა", "Ა")]
    public void Folding_names_is_idempotent(string one, string other)
    {
        Assert.Equal(UnicodeText.Fold(other), UnicodeText.Fold(one));
        Assert.Equal(UnicodeText.Fold(one), UnicodeText.Fold(UnicodeText.Fold(one)));
    }

    // An attribute cannot contain half a surrogate pair.
    [Fact]
    public void Ill_formed_text_is_folded_without_an_exception()
    {
        foreach (var text in new[] { "\ud800", "a\udc00b", "\udc00\ud800", "a\ufffeb" })
        {
            Assert.False(UnicodeText.IsWellFormed(text));
            Assert.NotEmpty(UnicodeText.Fold(text));
            Assert.NotEmpty(EmailAddress.Fold($"{text}@{text}"));
            Assert.NotEmpty(EmailAddress.Compose($"{text}@{text}"));
            Assert.NotNull(EmailAddress.Check("email", $"{text}@example.com"));
            Assert.NotEmpty(Confusables.Skeleton(text));
        }

        Assert.Equal("half ", NameText.Clean("half \ud83d"));
    }

    [Theory]
    [InlineData("Admın")]
    [InlineData("ＡＤＭＩＮ")]
    [InlineData("ADMİN")]
    [InlineData("\u0410dmin")]
    [InlineData("Αdmin")]
    [InlineData("Adm\u0456n")]
    [InlineData("Adrnin")]
    [InlineData("𝐀𝐝𝐦𝐢𝐧")]
    [InlineData("Ⓐdmin")]
    [InlineData("Ad-min.")]
    [InlineData("А D M I N")]
    public void A_name_that_looks_like_Admin_is_confusable(string name) =>
        Assert.True(Confusables.AreAlike(name, "Admin", ignoreMarks: true));

    [Theory]
    [InlineData("Administrators")]
    [InlineData("Auditor")]
    [InlineData("Оператор")]
    [InlineData("Àdmin")]
    [InlineData("管理者")]
    public void A_name_that_looks_different_is_not_confusable(string name) =>
        Assert.DoesNotContain(new[] { "Admin", "Operator", "User" }, builtIn => Confusables.AreAlike(name, builtIn, ignoreMarks: true));
}
