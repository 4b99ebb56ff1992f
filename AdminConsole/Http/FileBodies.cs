using System.Text;
using AdminConsole.Core.Common;

namespace AdminConsole.Http;

/// <summary>Reads and writes files as request and response bodies.</summary>
public static class FileBodies
{
    private static readonly Refusal NoFile = Refusal.Invalid("invalid_request", "The form has no file in it.");

    /// <summary>Streams text in constant memory. Writes nothing for HEAD.</summary>
    /// <param name="response">The response to write to.</param>
    /// <param name="pieces">The text.</param>
    /// <param name="mark">True to write a byte-order mark first. Without it, Excel reads UTF-8 in the encoding of the
    /// machine.</param>
    /// <param name="ct">Cancels the transfer.</param>
    public static async Task WriteAsync(HttpResponse response, IAsyncEnumerable<string> pieces, bool mark, CancellationToken ct)
    {
        if (HeadRequests.IsHead(response.HttpContext))
        {
            return;
        }

        var body = response.Body;
        if (mark)
        {
            await body.WriteAsync(Encoding.UTF8.Preamble.ToArray(), ct);
        }

        await foreach (var piece in pieces)
        {
            await body.WriteAsync(Encoding.UTF8.GetBytes(piece), ct);
        }
    }

    /// <summary>Opens the body itself, or the first file of a form. A body over the size limit fails with 413 while it
    /// is read.</summary>
    public static async Task<Result<Stream>> OpenAsync(HttpRequest request, CancellationToken ct)
    {
        if (!request.HasFormContentType)
        {
            return await BufferedAsync(request.Body, ct);
        }

        try
        {
            var form = await request.ReadFormAsync(ct);
            return form.Files is [var file, ..] ? file.OpenReadStream() : NoFile;
        }
        catch (Exception exception) when (exception is InvalidDataException or IOException and not BadHttpRequestException)
        {
            return NoFile;
        }
    }

    // Read before the change begins, so that a slow sender holds no lock.
    private static async Task<Stream> BufferedAsync(Stream body, CancellationToken ct)
    {
        var buffer = new MemoryStream();
        await body.CopyToAsync(buffer, ct);
        buffer.Position = 0;
        return buffer;
    }
}
