namespace AdminConsole.Tests.Http;

/// <summary>Request headers with unexpected values.</summary>
internal static class OddHeaders
{
    private static readonly string[] Names =
    [
        "Accept",
        "Accept-Charset",
        "Accept-Encoding",
        "Accept-Language",
        "Authorization",
        "Content-Encoding",
        "Content-Language",
        "Content-Type",
        "Cookie",
        "Forwarded",
        "If-Match",
        "If-Modified-Since",
        "If-None-Match",
        "If-Range",
        "Last-Event-ID",
        "Origin",
        "Range",
        "Referer",
        "Sec-Fetch-Site",
        "traceparent",
        "tracestate",
        "User-Agent",
        "X-Forwarded-For",
        "X-Forwarded-Host",
        "X-Forwarded-Prefix",
        "X-Forwarded-Proto",
        "X-HTTP-Method-Override",
        "X-Request-ID",
    ];

    private static readonly string[] Values = ["x", ";=,\"é\u202e", new('a', 3000)];

    private static readonly (string, string)[] Particular =
    [
        ("Content-Type", "application/json; charset=\"utf-8\""),
        ("Content-Type", "application/json; charset=bogus"),
        ("Content-Type", "application/json; charset=utf-7"),
        ("Content-Type", "application/json; charset="),
        ("Content-Type", "text/csv; charset=utf-16"),
        ("Content-Type", "application/x-www-form-urlencoded; charset=utf-7"),
        ("Content-Type", "multipart/form-data; boundary=x; charset=bogus"),
        ("Content-Type", "multipart/form-data; boundary="),
        ("Content-Type", "application/json, text/csv"),
        ("Content-Encoding", "gzip"),
        ("Authorization", "Bearer"),
        ("Authorization", "Bearer acpat_x"),
        ("Authorization", "Bearer a.b.c"),
        ("Authorization", "Basic x"),
        ("Authorization", "Basic eDp5"),
        ("Range", "bytes=5-2"),
        ("Range", "bytes=0-99999999999999999999"),
        ("If-Modified-Since", "yesterday"),
        ("Cookie", "AdminConsole=x; AdminConsole.Device=\"; theme=<script>"),
        ("Accept-Language", "de-DE;q=x,*;q=2"),
        ("Origin", "null"),
        ("traceparent", "00-0-0-0"),
        ("Last-Event-ID", "99999999999999999999"),
    ];

    public static IEnumerable<(string Name, string Value)> All =>
        Names.SelectMany(name => Values.Select(value => (name, value))).Concat(Particular);
}
