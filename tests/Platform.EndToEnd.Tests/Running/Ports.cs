using System.Net;
using System.Net.Sockets;

namespace Platform.EndToEnd.Tests.Running;

/// <summary>Free ports. They lie below those that the system gives to outgoing connections, so that none is lost while a process is dead.</summary>
internal static class Ports
{
    private const int First = 15_000;
    private const int Count = 15_000;

    private static readonly Lock Gate = new();

    // Test runs side by side begin at different places.
    private static int _last = Environment.ProcessId * 101 % Count;

    public static int Take()
    {
        lock (Gate)
        {
            while (true)
            {
                _last = (_last + 1) % Count;
                if (IsFree(First + _last))
                {
                    return First + _last;
                }
            }
        }
    }

    private static bool IsFree(int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
