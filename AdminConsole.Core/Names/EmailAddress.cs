using System.Globalization;
using System.Text;
using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;

namespace AdminConsole.Core.Names;

/// <summary>Email addresses that mail can reach, and one form for each mailbox however its domain is written.</summary>
public static class EmailAddress
{
    // RFC 5321, 4.5.3.1, in bytes as they go over the wire.
    private const int MaxLocalPart = 64;
    private const int MaxDomain = 253;

    private const string Symbols = "!#$%&'*+/=?^_`{|}~-";

    private static readonly IdnMapping Idn = new() { UseStd3AsciiRules = true };

    /// <summary>Null when mail can be sent to the trimmed address; otherwise <c>validation_failed </c> under this
    /// field.</summary>
    public static Refusal? Check(string field, string address)
    {
        var at = address.LastIndexOf('@');
        if (at <= 0 || address.AsSpan(0, at).Contains('@') || address.Any(char.IsWhiteSpace) || !UnicodeText.IsWellFormed(address))
        {
            return Refusal.InvalidField(field, "Enter a valid email address.");
        }

        if (NameText.CheckText(field, address) is { } invisible)
        {
            return invisible;
        }

        var (local, domain) = (UnicodeText.Compose(address[..at]), AsciiDomain(address[(at + 1)..]));
        var bytes = Encoding.UTF8.GetByteCount(local);
        return bytes > MaxLocalPart ? Refusal.InvalidField(field, $"The part before the @ can't be longer than {MaxLocalPart} bytes.")
            : !local.Split('.').All(IsAtom)
                ? Refusal.InvalidField(field, "The part before the @ can have letters, digits and symbols, and single dots between them.")
            : domain is null || domain[(domain.LastIndexOf('.') + 1)..].All(char.IsAsciiDigit)
                ? Refusal.InvalidField(field, "The part after the @ isn't a valid domain name.")
            : bytes + 1 + domain.Length > Limits.Email
                ? Refusal.InvalidField(field, $"An email address can't be longer than {Limits.Email} bytes.")
            : null;
    }

    /// <summary>The address as it is stored and shown: composed, with ordinary dots and none at the end.</summary>
    public static string Compose(string address)
    {
        var at = address.LastIndexOf('@');
        if (at < 0)
        {
            return UnicodeText.Compose(address);
        }

        var domain = address[(at + 1)..];
        var known =
            Ascii.IsValid(domain) ? WithoutEnd(domain)
            : AsciiDomain(domain) is { } ascii ? UnicodeDomain(ascii)
            : domain;
        return UnicodeText.Compose($"{address[..at]}@{known}");
    }

    /// <summary>
    /// The form in which addresses are compared and stored for comparison: the part before the @ folded, the domain in
    /// its ASCII form.
    /// A username has no @ and is folded like every name.
    /// </summary>
    public static string Fold(string login)
    {
        var at = login.LastIndexOf('@');
        if (at < 0)
        {
            return UnicodeText.Fold(login);
        }

        var domain = login[(at + 1)..];
        return Ascii.IsValid(domain)
            ? $"{UnicodeText.Fold(login[..at])}@{WithoutEnd(domain).ToUpperInvariant()}"
            : $"{UnicodeText.Fold(login[..at])}@{AsciiDomain(domain)?.ToUpperInvariant() ?? UnicodeText.Fold(WithoutEnd(domain))}";
    }

    /// <summary>The address for a mail server: the domain in its ASCII form (RFC 5890). The part before the @ stays as
    /// it is.</summary>
    public static string ToAscii(string address) => WithDomain(address, domain => domain);

    /// <summary>The address with its domain as people read it, whichever way it is stored.</summary>
    internal static string ToUnicode(string address) =>
        Ascii.IsValid(address) && !address.Contains("xn--", StringComparison.OrdinalIgnoreCase)
            ? address
            : WithDomain(address, UnicodeDomain);

    private static string WithDomain(string address, Func<string, string> write) =>
        address.LastIndexOf('@') is >= 0 and var at && AsciiDomain(address[(at + 1)..]) is { } domain
            ? $"{address[..at]}@{write(domain)}"
            : address;

    private static bool IsAtom(string atom) =>
        atom.Length > 0
        && atom.EnumerateRunes()
            .All(rune => NameText.IsWordCharacter(rune) || (rune.IsAscii && Symbols.Contains((char)rune.Value, StringComparison.Ordinal)));

    // Null where it is no domain name: an empty or too long label, one that begins or ends with a hyphen, a character
    // that no domain has.
    private static string? AsciiDomain(string domain)
    {
        try
        {
            var ascii = WithoutEnd(Idn.GetAscii(domain));
            return ascii.Length is > 0 and <= MaxDomain ? ascii : null;
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    private static string UnicodeDomain(string ascii)
    {
        try
        {
            return Idn.GetUnicode(ascii);
        }
        catch (ArgumentException)
        {
            return ascii;
        }
    }

    // A dot at the end says that the name is complete, which it is anyway.
    private static string WithoutEnd(string domain) => domain is [.., not '.', '.'] ? domain[..^1] : domain;
}
