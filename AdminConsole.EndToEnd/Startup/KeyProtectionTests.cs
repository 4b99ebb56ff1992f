using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using AdminConsole.Core.Common;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.EndToEnd.Startup;

public sealed class KeyProtectionTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("adminconsole-keys-").FullName;

    public KeyProtectionTests()
    {
        using var rsa = RSA.Create(2048);
        using var certificate = new CertificateRequest(
            "CN=keys",
            rsa,
            HashAlgorithmName.SHA256,
            RSASignaturePadding.Pkcs1
        ).CreateSelfSigned(DateTimeOffset.UnixEpoch, new DateTimeOffset(2100, 1, 1, 0, 0, 0, TimeSpan.Zero));
        File.WriteAllBytes(Path, certificate.ExportPkcs12(Pkcs12ExportPbeParameters.Pkcs12TripleDesSha1, "secret"));
    }

    private string Path => global::System.IO.Path.Combine(folder, "keys.p12");

    private (string Key, string? Value)[] Certificate => [("DataProtection:Certificate", Path), ("DataProtection:Password", "secret")];

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory, OnBoth]
    public async Task Keys_are_encrypted_in_the_database_and_a_session_survives_a_restart(DatabaseProvider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        string session;
        await using (var app = await AdminApp.StartAsync(provider, database, settings: Certificate))
        {
            await app.CreateUserAsync(TestData.AdminEmail, TestData.Password, "Admin");
            using var admin = await app.SignInAdminAsync();
            session = $"AdminConsole={admin.SessionCookie}";
        }

        await using var again = await AdminApp.StartAsync(provider, database, settings: Certificate);

        using var anonymous = again.Anonymous();
        (await anonymous.GetAsync("/api/auth/me", ("Cookie", session))).Is(200);
        var keys = await again.ReadAsync(db => db.DataProtectionKeys.Select(key => key.Xml).ToListAsync());
        Assert.All(keys, key => Assert.Contains("EncryptedData", key, StringComparison.Ordinal));
        Assert.All(keys, key => Assert.DoesNotContain("masterKey", key, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Without_the_certificate_the_program_stops_with_a_message()
    {
        await using var database = await TestDatabase.CreateAsync(DatabaseProvider.Sqlite);
        await using (await AdminApp.StartAsync(DatabaseProvider.Sqlite, database, settings: Certificate)) { }

        var ended = await ServerProcess.RunAsync(folder, [], ("ConnectionStrings:Console", database.ConnectionString));

        Assert.Equal(1, ended.Code);
        Assert.Contains("DataProtection:Certificate has to be that one", ended.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at AdminConsole", ended.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("keys.p12", "wrong")]
    [InlineData("nowhere.p12", "secret")]
    public async Task An_unreadable_certificate_stops_the_program_with_a_message(string file, string password)
    {
        var ended = await ServerProcess.RunAsync(
            folder,
            [],
            ("DataProtection:Certificate", global::System.IO.Path.Combine(folder, file)),
            ("DataProtection:Password", password)
        );

        Assert.Equal(1, ended.Code);
        Assert.StartsWith("DataProtection:Certificate cannot be read:", ended.Output.Trim(), StringComparison.Ordinal);
    }
}
