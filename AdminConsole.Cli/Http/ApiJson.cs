using System.Text.Json;
using System.Text.Json.Serialization;
using AdminConsole.Cli.Configuration;
using AdminConsole.Core.Contracts;

namespace AdminConsole.Cli.Http;

/// <summary>The JSON types of the API that this program reads.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(Me))]
[JsonSerializable(typeof(UserDetails))]
[JsonSerializable(typeof(InvitationLink))]
[JsonSerializable(typeof(PasswordResetLink))]
[JsonSerializable(typeof(ImportResult))]
[JsonSerializable(typeof(TokenSummary))]
[JsonSerializable(typeof(OwnedToken))]
[JsonSerializable(typeof(CreatedToken))]
[JsonSerializable(typeof(SessionSummary))]
[JsonSerializable(typeof(AuditEntry))]
[JsonSerializable(typeof(AuditVerification))]
[JsonSerializable(typeof(SystemStatus))]
[JsonSerializable(typeof(ProviderDetails))]
[JsonSerializable(typeof(ProviderCheck))]
[JsonSerializable(typeof(TokenResponse))]
[JsonSerializable(typeof(DeviceAuthorization))]
[JsonSerializable(typeof(ServerProblem))]
internal sealed partial class ApiJson : JsonSerializerContext;

/// <summary>The JSON types that this program stores.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    WriteIndented = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull
)]
[JsonSerializable(typeof(Dictionary<string, Credential>))]
internal sealed partial class StoredJson : JsonSerializerContext;
