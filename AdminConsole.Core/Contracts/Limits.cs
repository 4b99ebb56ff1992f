namespace AdminConsole.Core.Contracts;

/// <summary>The maximum lengths of texts and sizes of requests, shared by pages, API and command line.</summary>
public static class Limits
{
    public const int Email = 254;
    public const int UserName = 100;
    public const int DisplayName = 200;
    public const int Password = 128;
    public const int Reason = 500;

    /// <summary>The maximum number of days for filters by the last sign-in.</summary>
    public const int InactiveDays = 3650;

    public const int OrganizationName = 60;
    public const int RoleName = 50;
    public const int RoleDescription = 200;
    public const int TokenName = 100;
    public const int DeviceName = 100;
    public const int ClientId = 100;
    public const int PasskeyName = 100;
    public const int ProviderName = 60;
    public const int ProviderClientId = 255;
    public const int ProviderSecret = 1000;
    public const int Issuer = 400;
    public const int GroupName = 256;

    /// <summary>The maximum number of identity providers.</summary>
    public const int Providers = 5;

    /// <summary>The maximum number of group rules per identity provider.</summary>
    public const int GroupRules = 200;

    /// <summary>The maximum number of groups that a provider may report for a user.</summary>
    public const int GroupsPerSignIn = 200;

    public const int Code = 40;
    public const int Search = 200;
    public const int ViewName = 80;
    public const int PageSize = 50;
    public const int MaxPageSize = 200;

    /// <summary>The maximum size of an imported user file, in bytes.</summary>
    public const int ImportBytes = 20 * 1024 * 1024;

    /// <summary>The maximum number of users, sessions or tokens in one bulk request.</summary>
    public const int Bulk = 10_000;

    /// <summary>The maximum number of unrevoked tokens per user.</summary>
    public const int TokensPerUser = 200;

    /// <summary>The maximum number of passkeys per user.</summary>
    public const int PasskeysPerUser = 20;

    /// <summary>The limit for counting and skipping in lists. Beyond it, the total of users is null, and further pages
    /// need a cursor.</summary>
    public const int CountLimit = 10_000;

    /// <summary>The limit for counting the results of a user search.</summary>
    public const int SearchCountLimit = 1_000;

    /// <summary>Returns the counting limit for users, with or without a search.</summary>
    public static int CountLimitFor(string? search) => string.IsNullOrWhiteSpace(search) ? CountLimit : SearchCountLimit;
}
