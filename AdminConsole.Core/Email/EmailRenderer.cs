using System.Net;
using System.Text;
using AdminConsole.Core.Changes;
using AdminConsole.Core.Common;

namespace AdminConsole.Core.Email;

/// <summary>The rendered content of an email, ready to be sent.</summary>
public sealed record RenderedMail(string Subject, string Text, string Html);

/// <summary>Renders an email as plain text and as HTML in the product's style. All text is escaped here, and nowhere
/// else.</summary>
internal static class EmailRenderer
{
    private const string ButtonStyle =
        "display:inline-block;padding:10px 18px;border-radius:6px;background:#4340d2;color:#ffffff;text-decoration:none";

    public static RenderedMail Render(EmailMessage message, MailLinks links)
    {
        var url = message.Link is null ? null : links.GetUrl(message.Link);
        return new RenderedMail(TextLine.Of(message.Subject), ToText(message, url, links.Console), ToHtml(message, url, links.Console));
    }

    private static string ToText(EmailMessage message, string? url, string console)
    {
        var text = new StringBuilder();
        foreach (var paragraph in message.Paragraphs)
        {
            text.Append(TextLine.WithoutControls(paragraph)).Append("\n\n");
        }

        var facts = Given(message);
        foreach (var (name, value) in facts)
        {
            text.Append("  ").Append(name).Append(": ").Append(TextLine.Of(value)).Append('\n');
        }

        text.Append(facts.Count == 0 ? "" : "\n");
        text.Append(url is null ? "" : $"{message.Link!.Label}:\n{url}\n\n");
        text.Append(message.Note is null ? "" : $"{TextLine.WithoutControls(message.Note)}\n\n");
        return text.Append("-- \nAdminConsole, ").Append(console).Append('\n').ToString();
    }

    private static string ToHtml(EmailMessage message, string? url, string console)
    {
        var html = new StringBuilder();
        html.Append(
            $"""
            <!DOCTYPE html>
            <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
            <meta name="color-scheme" content="light dark"><title>{Escape(
                message.Subject
            )}</title></head>
            <body style="margin:0;padding:24px 12px;background:#f5f5f5;color:#212121;font:15px/1.5 Roboto,Helvetica,Arial,sans-serif">
            <div style="max-width:560px;margin:0 auto;padding:28px;background:#ffffff;border:1px solid #e0e0e0;border-radius:12px">
            <p style="margin:0 0 20px;color:#4340d2;font-weight:500">AdminConsole</p>
            <h1 style="margin:0 0 16px;font-size:20px;font-weight:500;line-height:1.3">{Escape(message.Subject)}</h1>
            """
        );
        foreach (var paragraph in message.Paragraphs)
        {
            html.Append($"\n<p style=\"margin:0 0 12px\">{Escape(paragraph)}</p>");
        }

        if (Given(message) is { Count: > 0 } facts)
        {
            html.Append("\n<table role=\"presentation\" style=\"margin:12px 0;border-collapse:collapse;font-size:14px\">");
            foreach (var (name, value) in facts)
            {
                html.Append(
                    $"\n<tr><td style=\"padding:3px 16px 3px 0;color:#616161;vertical-align:top\">{Escape(name)}</td><td "
                        + $"style=\"padding:3px 0;word-break:break-word\">{Escape(value)}</td></tr>"
                );
            }

            html.Append("\n</table>");
        }

        html.Append(
            url is null
                ? ""
                : $"""

                <p style="margin:20px 0"><a href="{Escape(
                    url
                )}" style="{ButtonStyle}">{Escape(
                    message.Link!.Label
                )}</a></p>
                """
        );
        html.Append(message.Note is null ? "" : $"\n<p style=\"margin:12px 0 0;color:#616161;font-size:13px\">{Escape(message.Note)}</p>");
        return html.Append(
                "\n</div>\n<p style=\"max-width:560px;margin:12px auto;color:#616161;font-size:12px\">AdminConsole, "
                    + $"{Escape(console)}</p>\n</body></html>\n"
            )
            .ToString();
    }

    private static List<(string Name, string Value)> Given(EmailMessage message) =>
        [.. message.Facts.Where(fact => !string.IsNullOrWhiteSpace(fact.Value)).Select(fact => (fact.Name, fact.Value!))];

    // Older names, which were stored before they were validated, may reorder or hide adjacent text. Plain text has no
    // way to isolate them.
    private static string Escape(string text) => WebUtility.HtmlEncode(TextLine.WithoutControls(text));
}
