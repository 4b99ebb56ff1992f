using System.Text;

namespace AdminConsole.Core.Email;

/// <summary>Reads the OAuth access token that another program keeps up to date in a file.</summary>
public static class AccessTokenFile
{
    private const int MaxBytes = 16 * 1024;

    /// <summary>Throws <see cref="MailServerException"/> where there is no usable token. The message never contains the
    /// token.</summary>
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

        // Anything but printable ASCII could end the field that carries the token.
        return token.Length > 0 && token.All(letter => letter is > ' ' and < '\x7f')
            ? token
            : throw new MailServerException($"The file '{path}' must contain one access token, on one line, of at most 16 KB.");
    }
}
