using System.Net;

namespace AdminConsole.Benchmarks.Circuits;

/// <summary>The cookies of a browser: one session on one server.</summary>
internal sealed class Browser : IDisposable
{
    private readonly CookieContainer jar = new();

    public Browser(string address)
    {
        Address = new Uri(address);
        Http = new HttpClient(new SocketsHttpHandler { CookieContainer = jar }) { BaseAddress = Address };
        // Requests that change something with a session cookie send an Origin header, as browsers do.
        Http.DefaultRequestHeaders.Add("Origin", Address.GetLeftPart(UriPartial.Authority));
    }

    public Uri Address { get; }

    public HttpClient Http { get; }

    public string Cookies => jar.GetCookieHeader(Address);

    /// <summary>Returns a client with the same session for another node.</summary>
    public Browser At(string address)
    {
        var other = new Browser(address);
        foreach (Cookie cookie in jar.GetCookies(Address))
        {
            other.jar.Add(other.Address, new Cookie(cookie.Name, cookie.Value, "/"));
        }

        return other;
    }

    public void Dispose() => Http.Dispose();
}
