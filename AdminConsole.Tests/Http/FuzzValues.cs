namespace AdminConsole.Tests.Http;

/// <summary>Values that no route expects.</summary>
internal static class FuzzValues
{
    /// <summary>Values of a query parameter that is given twice.</summary>
    public static readonly string[] Repeated = ["", "x", "1", "%00"];

    /// <summary>Request bodies: malformed JSON, and JSON of another form.</summary>
    public static readonly string[] Bodies = ["", "{", "[]", "null", "0", "\"\"", "{}", "{\"x\": 1}", "[[[[[[]]]]]]", "{\"\\u0000\": 1}"];

    /// <summary>JSON values for a member of a request.</summary>
    public static readonly string[] Texts =
    [
        "\"\"",
        "\"x\"",
        "\"\\u0000\"",
        "\"a\\u0000b@example.com\"",
        "\"\\ud800\"",
        "\"\\uffff\\ufffe\"",
        "\"\\u0301@example.com\"",
        "null",
        "1",
        "-1",
        "1e999",
        "true",
        "[]",
        "[null]",
        "[\"\\u0000\"]",
        "{}",
        $"\"{new string('a', 5000)}\"",
        "\"%s%n'; DROP TABLE users; --\"",
        "\"<script>alert(1)</script>@example.com\"",
        "\"\\u202e@example.com\"",
    ];

    /// <summary>Percent-encoded values for a path segment or a query parameter.</summary>
    public static readonly string[] Words =
    [
        "",
        "x",
        "-1",
        "0",
        "1",
        "99999999999999999999",
        "true",
        "null",
        "%00",
        "%FF%FE",
        "%ED%A0%80",
        "%F0%9F%98%80",
        "'",
        "%22",
        "%25",
        "_",
        "%5C",
        "..%2F..",
        "2020-01-01T00:00:00%2B05:00",
        "0001-01-01",
        "9999-12-31T23:59:59.9999999-14:00",
        "019aa000-0000-7000-8000-000000000000",
        "user.",
        new string('a', 3000),
        "%EF%BF%BE",
        "%CC%81",
    ];
}
