using System.Net;
using System.Net.Sockets;

namespace AdminConsole.EndToEnd.Cli;

/// <summary>A proxy between a program and the server that can close all its connections at once.</summary>
internal sealed class FakeServer : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly List<TcpClient> open = [];
    private readonly Uri server;
    private readonly Task work;

    public FakeServer(Uri server)
    {
        this.server = server;
        listener.Start();
        work = AcceptAsync();
    }

    public Uri Address => new($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/");

    public void CutAll()
    {
        lock (open)
        {
            open.ForEach(client => client.Dispose());
            open.Clear();
        }
    }

    public async ValueTask DisposeAsync()
    {
        listener.Stop();
        CutAll();
        await work;
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var inner = await listener.AcceptTcpClientAsync();
                var outer = new TcpClient();
                await outer.ConnectAsync(server.Host, server.Port);
                lock (open)
                {
                    open.AddRange([inner, outer]);
                }

                _ = PassAsync(inner, outer);
                _ = PassAsync(outer, inner);
            }
        }
        catch (Exception stopped) when (stopped is SocketException or ObjectDisposedException)
        {
            // The listener is closed.
        }
    }

    private static async Task PassAsync(TcpClient from, TcpClient to)
    {
        try
        {
            await from.GetStream().CopyToAsync(to.GetStream());
            to.Client.Shutdown(SocketShutdown.Send);
        }
        catch (Exception cut) when (cut is IOException or SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // The connection was closed.
        }
    }
}
