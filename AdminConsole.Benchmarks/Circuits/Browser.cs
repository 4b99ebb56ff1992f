using System.Net;

namespace AdminConsole.Benchmarks.Circuits;

/// <summary>A browser's cookies: one session on one server.</summary>
internal sealed class Browser : IDisposable
{
    private readonly CookieContainer jar = new();

    public Browser(string address)
    {
        Address = new Uri(address);
        Http = new HttpClient(new SocketsHttpHandler { CookieContainer = jar }) { BaseAddress = Address };
        // A change with the session cookie names its origin, as browsers do.
        Http.DefaultRequestHeaders.Add("Origin", Address.GetLeftPart(UriPartial.Authority));
    }

    public Uri Address { get; }

    public HttpClient Http { get; }

    public string Cookies => jar.GetCookieHeader(Address);

    /// <summary>The same session at another node.</summary>
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
