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
            "Clients are not registered: `client_id` is a name that the program chooses. `device_name`, an extension "
                + "of the RFC, is shown to the user who approves the device.",
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
                + "`urn:adminconsole:grant-type:cli-code`. Each refresh token works once. If it is used again after 10 "
                + "seconds (or the grace period in the settings), its device is signed out. `scope` in a refresh narrows "
                + "only the access token (RFC 6749, 6).",
            null,
            Signed
        ),
        ["oAuthRevoke"] = new(
            "A refresh or access token ends its device with all its tokens; a personal access token ends only itself. "
                + "An unknown or expired token is not an error."
        ),
        ["oAuthMetadata"] = new(),
        ["oAuthKeys"] = new(),
        ["authToken"] = new(
            "Failures count together with those of sign-in. Creates a device that is listed under `/api/devices`.",
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
            "Twelve letters that work once, for ten minutes, with the grant `urn:adminconsole:grant-type:cli-code`. An "
                + "earlier code stops working. A code requested by a device has at most the scopes of that device. If the "
                + "program that redeems the code requests no scope, it gets all that the code allows.",
            null,
            new CliCode("BCDF-GHJK-LMNP", 600),
            "fresh_sign_in_required"
        ),
        ["devicesList"] = new("A device with limited scopes only sees itself.", Answer: new Page<DeviceSummary>([Laptop], 1, null)),
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
            "Its tokens are refused from the next request on. A device with limited scopes can only end itself.",
            Codes: "insufficient_scope"
        ),
    };
}
