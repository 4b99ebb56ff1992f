using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using AdminConsole.Core.Contracts;

namespace AdminConsole.EndToEnd.System;

/// <summary>The output of a real process: standard output, and every file it leaves.</summary>
public sealed class LogTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("adminconsole-test-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task A_json_log_has_a_line_per_entry_with_time_and_request()
    {
        using var server = ServerProcess.Start(
            folder,
            ("Logging:Console:FormatterName", "json"),
            ("Logging:LogLevel:Microsoft.AspNetCore.Authorization", "Information"),
            ("Bootstrap:Email", TestData.AdminEmail),
            ("Bootstrap:Password", TestData.Password)
        );
        using var caller = new ApiClient(await server.ListeningAsync());

        (await caller.GetAsync("/api/users")).Refuses(401, "unauthenticated");
        (await caller.PostAsync("/api/auth/login", new { login = TestData.AdminEmail, password = TestData.Password })).Is(200);
        await AdminApp.UntilAsync(
            () => Task.FromResult(server.Output.Contains("Authorization failed", StringComparison.Ordinal)),
            "the refusal is in the log"
        );
        server.Kill();

        var entries = server
            .Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonDocument.Parse(line).RootElement)
            .ToList();
        Assert.All(entries, entry => Assert.Equal(TimeSpan.Zero, DateTimeOffset.Parse(entry.GetProperty("Timestamp").GetString()!).Offset));
        var refused = entries.First(entry =>
            entry.GetProperty("Message").GetString()!.Contains("Authorization failed", StringComparison.Ordinal)
        );
        Assert.Contains(
            refused.GetProperty("Scopes").EnumerateArray(),
            scope => scope.TryGetProperty("RequestId", out var id) && id.GetString()!.Length > 10
        );
        Assert.DoesNotContain(
            entries.Where(entry => entry.GetProperty("Category").GetString() == "Microsoft.Hosting.Lifetime"),
            entry => entry.GetRawText().Contains("RequestId", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task A_line_of_the_log_names_the_request_as_its_audit_event_does()
    {
        using var server = ServerProcess.Start(
            folder,
            ("Logging:Console:FormatterName", "json"),
            ("Logging:LogLevel:Microsoft.AspNetCore.Routing", "Debug"),
            ("Bootstrap:Email", TestData.AdminEmail),
            ("Bootstrap:Password", TestData.Password)
        );
        using var caller = new ApiClient(await server.ListeningAsync());
        (await caller.PostAsync("/api/auth/login", new { login = TestData.AdminEmail, password = TestData.Password })).Is(200);
        (await caller.PostAsync("/api/auth/password", new { currentPassword = TestData.Password, newPassword = TestData.NewPassword })).Is(
            204
        );

        var request = (await caller.GetAsync("/api/audit?action=user.password_changed")).Is(200).As<Page<AuditEntry>>().Items[0].RequestId!;

        await AdminApp.UntilAsync(
            () => Task.FromResult(server.Output.Contains($"\"RequestId\":\"{request}\"", StringComparison.Ordinal)),
            "the log has the request's id"
        );
        Assert.Contains(
            server.Output.Split('\n'),
            line =>
                line.Contains($"\"RequestId\":\"{request}\"", StringComparison.Ordinal)
                && line.Contains("/api/auth/password", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task An_invalid_token_is_refused_without_a_log_entry()
    {
        using var server = ServerProcess.Start(folder, ("Bootstrap:Email", TestData.AdminEmail), ("Bootstrap:Password", TestData.Password));
        using var caller = new ApiClient(await server.ListeningAsync());

        (await caller.GetAsync("/api/auth/me", ("Authorization", "Bearer acpat_x"))).Refuses(401, "unauthenticated");
        server.Terminate();
        await server.EndedAsync();

        Assert.DoesNotContain("not authenticated", server.Output, StringComparison.OrdinalIgnoreCase);
    }

    // The most verbose level, globally and for the console provider, whose own levels take precedence.
    [Fact]
    public async Task No_output_of_a_run_contains_a_secret()
    {
        using var server = ServerProcess.Start(
            folder,
            ("Logging:Console:FormatterName", "json"),
            ("Logging:LogLevel:Default", "Trace"),
            ("Logging:LogLevel:Microsoft.AspNetCore", "Trace"),
            ("Logging:LogLevel:Microsoft.EntityFrameworkCore", "Trace"),
            ("Logging:Console:LogLevel:Default", "Trace"),
            ("Bootstrap:Email", TestData.AdminEmail),
            ("Bootstrap:Password", TestData.Password)
        );
        using var admin = new ApiClient(await server.ListeningAsync());
        const string wrong = "wrong-secret-password-3",
            first = "first-secret-password-4",
            second = "second-secret-password-5";
        (await admin.PostAsync("/api/auth/login", new { login = TestData.AdminEmail, password = TestData.Password })).Is(200);
        (await admin.PostAsync("/api/auth/password", new { currentPassword = TestData.Password, newPassword = first })).Is(204);
        var user = (await admin.PostAsync("/api/users", new { email = "someone@example.com", password = second }))
            .Is(201)
            .As<UserDetails>();
        (await admin.PostAsync("/api/auth/login", new { login = wrong, password = wrong })).Refuses(401, "invalid_credentials");
        var token = (await admin.PostAsync("/api/tokens", new { name = "robot" })).Is(201).As<CreatedToken>().Token;
        (await admin.GetAsync("/api/auth/me", ("Authorization", $"Bearer {token}"))).Is(200);
        var link = (await admin.PostAsync($"/api/users/{user.Id}/reset-password")).Is(200).As<PasswordResetLink>();
        (await admin.GetAsync(new Uri(link.ResetUrl).PathAndQuery, ("Accept", "text/html"))).Is(200);
        var tokens = (await admin.PostAsync("/api/auth/token", new { login = TestData.AdminEmail, password = first }))
            .Is(200)
            .As<TokenResponse>();
        var key = admin.SessionCookie!;
        await AdminApp.UntilAsync(
            () => Task.FromResult(Directory.EnumerateFiles(folder, "*.eml", SearchOption.AllDirectories).Any()),
            "the mail is written"
        );
        server.Kill();

        string[] secrets = [TestData.Password, wrong, first, second, token, link.ResetToken, tokens.AccessToken, tokens.RefreshToken, key];
        // Emails contain the link by design.
        var files = Directory
            .EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Where(file => !file.EndsWith(".eml", StringComparison.Ordinal))
            .ToList();
        Assert.Contains("\"LogLevel\":\"Trace\"", server.Output, StringComparison.Ordinal);
        Assert.Contains(files, file => file.EndsWith("console.db-wal", StringComparison.Ordinal));
        var written = files
            .Select(file => (Name: file, Text: Encoding.Latin1.GetString(File.ReadAllBytes(file))))
            .Append((Name: "standard output", Text: server.Output))
            .ToList();
        Assert.All(secrets, secret => Assert.DoesNotContain(written, one => one.Text.Contains(secret, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_used_port_stops_the_start_with_a_message()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var taken = $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}";
        using var server = ServerProcess.Start(folder, ("Urls", taken));

        var code = await server.EndedAsync();

        Assert.Equal(1, code);
        Assert.Contains(taken, server.Output, StringComparison.Ordinal);
        Assert.Contains("set Urls to a free address", server.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", server.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_of_another_machine_stops_the_start_with_a_message()
    {
        using var server = ServerProcess.Start(folder, ("Urls", "http://192.0.2.1:5080"));

        var code = await server.EndedAsync();

        Assert.Equal(1, code);
        Assert.Contains("Cannot listen on an address of Urls", server.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", server.Output, StringComparison.Ordinal);
    }
}
