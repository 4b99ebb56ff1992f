namespace AdminConsole.Core.Contracts;

/// <summary>How long texts may be, for every door alike.</summary>
public static class Limits
{
    public const int Email = 254;
    public const int UserName = 100;
    public const int DisplayName = 200;
    public const int Password = 128;
    public const int Reason = 500;

    /// <summary>How many days back a filter by the last sign-in may look.</summary>
    public const int InactiveDays = 3650;

    public const int OrganizationName = 60;
    public const int RoleName = 50;
    public const int RoleDescription = 200;
    public const int TokenName = 100;
    public const int DeviceName = 100;
    public const int ClientId = 100;
    public const int PasskeyName = 100;
    public const int Code = 40;
    public const int Search = 200;
    public const int ViewName = 80;
    public const int PageSize = 50;
    public const int MaxPageSize = 200;

    /// <summary>The largest file of users that is taken in, in bytes.</summary>
    public const int ImportBytes = 20 * 1024 * 1024;

    /// <summary>How many users or sessions one request may act on.</summary>
    public const int Bulk = 10_000;

    /// <summary>How many tokens that are not revoked a user may have.</summary>
    public const int TokensPerUser = 200;

    /// <summary>How many passkeys a user may have.</summary>
    public const int PasskeysPerUser = 20;

    /// <summary>Lists of users are counted, and may be skipped, this far; beyond it a total is null, and a cursor goes
    /// on.</summary>
    public const int CountLimit = 10_000;

    /// <summary>Hits of a search are counted up to this number. A larger result calls for a narrower search.</summary>
    public const int CountedFound = 1_000;

    /// <summary>How far users are counted, whether searched for or not.</summary>
    public static int CountedWith(string? search) => string.IsNullOrWhiteSpace(search) ? CountLimit : CountedFound;
}
