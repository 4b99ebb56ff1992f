using System.Text;

namespace AdminConsole.Core.Email;

/// <summary>Reads an OAuth access token from a file that another program keeps current.</summary>
public static class AccessTokenFile
{
    private const int MaxBytes = 16 * 1024;

    /// <summary>Reads the token. Throws <see cref="MailServerException"/> if there is no usable one. The message never
    /// contains the token.</summary>
    public static string Read(string path)
    {
        string token;
        try
        {
            using var file = File.OpenRead(path);
            var buffer = new byte[MaxBytes + 1];
            var length = file.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
            token = length > MaxBytes ? "" : Encoding.UTF8.GetString(buffer, 0, length).Trim();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new MailServerException($"The access token file can't be read: {exception.Message}", exception);
        }

        // A character other than printable ASCII could terminate the field that carries the token.
        return token.Length > 0 && token.All(c => c is > ' ' and < '\x7f')
            ? token
            : throw new MailServerException($"The file '{path}' must contain one access token, on one line, of at most 16 KB.");
    }
}
