using AdminConsole.Core.Audit;

namespace AdminConsole.Startup;

/// <summary>Reads the target of audit forwarding from <c>Audit:Forward</c>: <c>stdout</c>, or a file that lines are
/// appended to.</summary>
internal static class ForwardTargets
{
    private const string Key = "Audit:Forward";
    private const string Stdout = "stdout";

    public static ForwardTarget? Read(IConfiguration configuration, string root)
    {
        if (configuration[Key] is not { Length: > 0 } text)
        {
            return null;
        }

        if (text == Stdout)
        {
            return new ForwardTarget(Stdout, Console.OpenStandardOutput);
        }

        var path = Path.GetFullPath(text, root);
        try
        {
            OpenFile(path).Dispose();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new SettingsException($"{Key} must be stdout or a file that can be written to, not '{text}': {exception.Message}");
        }

        return new ForwardTarget(path, () => OpenFile(path));
    }

    // Opened again for each batch, so that the file can be rotated in between.
    private static FileStream OpenFile(string path)
    {
        var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        if (!file.CanSeek || file.Length == 0)
        {
            return file;
        }

        file.Seek(-1, SeekOrigin.End);
        if (file.ReadByte() != '\n')
        {
            // The process was killed in the middle of a line. That event is sent again and must start on a new line.
            file.WriteByte((byte)'\n');
        }

        return file;
    }
}
