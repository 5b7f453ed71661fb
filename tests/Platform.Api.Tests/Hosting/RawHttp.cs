using System.Net.Sockets;
using System.Text;

namespace Platform.Api.Tests.Hosting;

/// <summary>HTTP by hand, for what a well-behaved client would not send.</summary>
internal static class RawHttp
{
    /// <summary>Sends the bytes and reads until the server closes; an answer that does not end within the bound is a failure.</summary>
    public static async Task<string> SendAsync(Uri address, string request, bool endAfterSending = false)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        using var client = new TcpClient();
        await client.ConnectAsync(address.Host, address.Port, deadline.Token);
        await using var stream = client.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes(request), deadline.Token);
        if (endAfterSending)
        {
            client.Client.Shutdown(SocketShutdown.Send);
        }

        using var answer = new MemoryStream();
        try
        {
            await stream.CopyToAsync(answer, deadline.Token);
        }
        catch (IOException reset) when (reset.InnerException is SocketException)
        {
            // The server closed on what it would not read to the end; what came before that counts.
        }

        return Encoding.UTF8.GetString(answer.ToArray());
    }
}
