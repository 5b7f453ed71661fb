using System.Buffers.Text;

namespace Platform.Bench.Load;

/// <summary>Finds where an answer of HTTP/1.1 ends. One request is out at a time per connection, so that nothing follows it.</summary>
internal static class HttpAnswer
{
    /// <summary>Where the status stands: after "HTTP/1.1 ".</summary>
    private const int StatusOffset = 9;

    /// <summary>The status of a complete answer, or null while more of it is to come.</summary>
    public static int? Status(ReadOnlySpan<byte> received)
    {
        var headers = received.IndexOf("\r\n\r\n"u8);
        if (headers < 0 || !Utf8Parser.TryParse(received[StatusOffset..], out int status, out _))
        {
            return null;
        }

        var head = received[..(headers + 2)];
        var body = received[(headers + 4)..];
        var isComplete = Length(head) is { } length ? body.Length >= length : body.EndsWith("0\r\n\r\n"u8);
        return isComplete ? status : null;
    }

    /// <summary>The content of a complete answer, without the marks of its chunks.</summary>
    public static byte[] Content(ReadOnlySpan<byte> received)
    {
        var headers = received.IndexOf("\r\n\r\n"u8);
        var body = received[(headers + 4)..];
        if (Length(received[..(headers + 2)]) is not null)
        {
            return body.ToArray();
        }

        var content = new List<byte>();
        while (Utf8Parser.TryParse(body, out int length, out var digits, 'x') && length > 0)
        {
            content.AddRange(body.Slice(digits + 2, length));
            body = body[(digits + 2 + length + 2)..];
        }

        return [.. content];
    }

    private static int? Length(ReadOnlySpan<byte> head)
    {
        const string Name = "Content-Length: ";
        var at = head.IndexOf("Content-Length: "u8);
        return at >= 0 && Utf8Parser.TryParse(head[(at + Name.Length)..], out int length, out _) ? length : null;
    }
}
