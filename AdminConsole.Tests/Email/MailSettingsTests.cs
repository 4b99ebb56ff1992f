using AdminConsole.Core.Email;
using AdminConsole.Startup;

namespace AdminConsole.Tests.Email;

public sealed class MailSettingsTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("adminconsole-mail-");

    public MailSettingsTests()
    {
        File.WriteAllText(Path.Combine(folder.FullName, "token"), "ya29.token\n");
        File.WriteAllText(Path.Combine(folder.FullName, "empty"), "\n");
        File.WriteAllText(Path.Combine(folder.FullName, "long"), new string('x', 20_000));
    }

    public void Dispose() => folder.Delete(recursive: true);

    private SmtpOptions Read(params string[] settings)
    {
        var mail = new Dictionary<string, string?> { ["Mail:Host"] = "mail.example.com", ["Mail:From"] = "console@example.com" };
        foreach (var setting in settings)
        {
            mail[$"Mail:{setting.Split('=')[0]}"] = setting.Split('=')[1];
        }

        return MailSettings.Read(new ConfigurationBuilder().AddInMemoryCollection(mail).Build(), folder.FullName)!;
    }

    [Theory]
    [InlineData("Mail:Password", "User=console")]
    [InlineData("Mail:User", "Password=x")]
    [InlineData("Mail:User", "AccessTokenFile=token")]
    [InlineData("Mail:AccessTokenFile", "User=console", "Password=x", "AccessTokenFile=token")]
    [InlineData("Mail:AccessTokenFile", "User=console", "AccessTokenFile=missing")]
    [InlineData("Mail:AccessTokenFile", "User=console", "AccessTokenFile=empty")]
    [InlineData("Mail:AccessTokenFile", "User=console", "AccessTokenFile=long")]
    [InlineData("Mail:User", "User=büro", "AccessTokenFile=token")]
    [InlineData("Mail:Security", "Security=None", "User=console", "Password=x")]
    [InlineData("Mail:Security", "Security=None", "User=console", "AccessTokenFile=token")]
    [InlineData("Mail:Security", "Security=StartTlsWhenAvailable")]
    [InlineData("Mail:From", "From=console")]
    [InlineData("Mail:From", "From=a@example.com, b@example.com")]
    [InlineData("Mail:From", "From=Console\nBcc: eve@example.com <console@example.com>")]
    public void An_invalid_setting_is_named_at_start(string named, params string[] settings)
    {
        var wrong = Assert.Throws<SettingsException>(() => Read(settings));

        Assert.Contains(named, wrong.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("ya29", wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_access_token_stays_in_its_file()
    {
        var options = Read("User=console", "AccessTokenFile=token", "From=Büro <büro@bücher.example>");

        Assert.Equal(Path.Combine(folder.FullName, "token"), options.AccessTokenFile);
        Assert.Null(options.Password);
        Assert.Equal("mail.example.com:587 (StartTls)", options.ToString());
    }

    [Fact]
    public void TLS_is_the_default_and_credentials_are_optional()
    {
        var options = Read();

        Assert.Equal(SmtpSecurity.StartTls, options.Security);
        Assert.Null(options.User);
    }
}
