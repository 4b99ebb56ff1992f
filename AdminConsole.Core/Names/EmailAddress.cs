using System.Globalization;
using System.Text;
using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;

namespace AdminConsole.Core.Names;

/// <summary>Validates email addresses, and converts them to one form per mailbox, however the domain is
/// written.</summary>
public static class EmailAddress
{
    // RFC 5321, section 4.5.3.1, in bytes on the wire.
    private const int MaxLocalPart = 64;
    private const int MaxDomain = 253;

    private const string Symbols = "!#$%&'*+/=?^_`{|}~-";

    private static readonly IdnMapping Idn = new() { UseStd3AsciiRules = true };

    /// <summary>Returns null if email can be sent to the trimmed address; otherwise <c>validation_failed</c> for the
    /// field.</summary>
    public static Refusal? Check(string field, string address)
    {
        var at = address.LastIndexOf('@');
        var hasOneAt = at > 0 && !address.AsSpan(0, at).Contains('@');
        if (!hasOneAt || address.Any(char.IsWhiteSpace) || !UnicodeText.IsWellFormed(address))
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

    /// <summary>Returns the address as stored and displayed: composed (NFC), with ASCII dots and no trailing
    /// dot.</summary>
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

    /// <summary>Returns the form used to compare addresses: the local part folded, the domain in upper-case ASCII. A
    /// username has no @ and is folded like any name.</summary>
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

    /// <summary>Returns the address for a mail server: the domain in ASCII form (RFC 5890), the local part
    /// unchanged.</summary>
    public static string ToAscii(string address) => WithDomain(address, domain => domain);

    /// <summary>Returns the address with its domain in Unicode, in whichever form it is stored.</summary>
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

    // Null for an invalid domain name: an empty or too long label, a leading or trailing hyphen, or a forbidden
    // character.
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

    // A trailing dot marks a fully qualified domain name, which an email domain always is.
    private static string WithoutEnd(string domain) => domain is [.., not '.', '.'] ? domain[..^1] : domain;
}
