using System.Globalization;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Security;

namespace AdminConsole.Endpoints.OpenApi;

/// <summary>Examples of the sign-in of programs, and of their devices.</summary>
internal static class DeviceExamples
{
    private static readonly DateTimeOffset Then = DateTimeOffset.Parse("2026-11-20T09:30:00Z", CultureInfo.InvariantCulture);

    private static readonly TokenResponse Signed = new()
    {
        AccessToken = "eyJhbGciOiJFUzI1NiIsInR5cCI6ImF0K2p3dCIsImtpZCI6…",
        TokenType = "Bearer",
        ExpiresIn = 900,
        RefreshToken = "acref_5Qm1…87 characters…",
        Scope = $"{Permissions.ProfileRead} {Permissions.UsersRead}",
    };

    private static readonly DeviceSummary Laptop = new(
        new("019aa4c5-7b40-7f0a-8a55-6d0c5ce1b1d2"),
        Current: false,
        "ana@laptop",
        "adminctl",
        [Permissions.ProfileRead, Permissions.UsersRead],
        FullAccess: false,
        Then.AddDays(-12),
        Then,
        Then.AddDays(30),
        "203.0.113.7",
        "active",
        EndedAt: null
    );

    public static readonly Dictionary<string, ApiExample> All = new()
    {
        ["oAuthRequestDevice"] = new(
            "Clients are not registered: `client_id` is what the program calls itself. `device_name`, which the RFC does "
                + "not have, is shown to the person who approves.",
            null,
            new DeviceAuthorization
            {
                DeviceCode = "7KxW…43 characters…",
                UserCode = "BDWP-HQLT",
                VerificationUri = "https://console.example.com/device",
                VerificationUriComplete = "https://console.example.com/device?user_code=BDWP-HQLT",
                ExpiresIn = 900,
                Interval = 5,
            }
        ),
        ["oAuthToken"] = new(
            "Grants: `urn:ietf:params:oauth:grant-type:device_code`, `refresh_token`, "
                + "`urn:adminconsole:grant-type:cli-code`. Each refresh token works once; used again after 10 seconds (or as the "
                + "settings say), it signs its device out. `scope` in a refresh narrows the access token only (RFC 6749, 6).",
            null,
            Signed
        ),
        ["oAuthRevoke"] = new(
            "A refresh or access token ends its device with all its tokens, a personal access token itself. An unknown or "
                + "expired token ends nothing, which is no error."
        ),
        ["oAuthMetadata"] = new(),
        ["oAuthKeys"] = new(),
        ["authToken"] = new(
            "The same budget of failures as signing in. Gives a device that is listed under `/api/devices`.",
            new
            {
                login = "ana.silva@example.com",
                password = "a long sentence with 1 digit",
                deviceName = "ana@laptop",
            },
            Signed,
            "invalid_credentials"
        ),
        ["authCliCode"] = new(
            "Twelve letters that work once, for ten minutes, with the grant `urn:adminconsole:grant-type:cli-code`; an "
                + "earlier one stops working. A device that asks gets a code for at most its own scopes; without a scope, the "
                + "program that redeems it gets what the code allows.",
            null,
            new CliCode("BCDF-GHJK-LMNP", 600),
            "fresh_sign_in_required"
        ),
        ["devicesList"] = new("A device with limited scopes sees only itself.", Answer: new Page<DeviceSummary>([Laptop], 1, null)),
        ["devicesRename"] = new(
            "A device that has ended can't be renamed.",
            new { name = "Ana's laptop" },
            Laptop with
            {
                Name = "Ana's laptop",
            },
            "insufficient_scope"
        ),
        ["devicesEnd"] = new(
            "Its tokens are refused from the very next request on. A device with limited scopes can only end itself.",
            Codes: "insufficient_scope"
        ),
    };
}
