using Platform.Media.Egress;

namespace Platform.Media.Inputs;

/// <summary>
/// A foreign file on a server that knows no ranges, as a stream that can seek: it is read from the start as far as needed and
/// kept, up to a bound; beyond, reading fails with <see cref="RemoteReadException"/>.
/// </summary>
internal sealed class HttpForwardStream : AsyncReadStream
{
    private const int ReadSize = 64 * 1024;

    private readonly Stream _body;
    private readonly MemoryStream _known = new();
    private long _position;

    private HttpForwardStream(Stream body, long length)
    {
        _body = body;
        Length = length;
    }

    public override bool CanSeek => true;

    public override long Length { get; }

    public override long Position
    {
        get => _position;
        set => _position = value >= 0 ? value : throw new ArgumentOutOfRangeException(nameof(value));
    }

    /// <summary>Makes the stream of a body, which must live as long. A body of unknown length is read to its end at once.</summary>
    /// <exception cref="RemoteReadException">The body ends early, or is longer than the bound and does not say how long.</exception>
    public static async Task<Stream> OpenAsync(GuardedResponse response, CancellationToken cancellationToken)
    {
        if (response.ContentLength is { } length)
        {
            return new HttpForwardStream(response.Body, length);
        }

        var stream = new HttpForwardStream(response.Body, long.MaxValue);
        while (await stream.ReadOnAsync(cancellationToken))
        {
        }

        stream._known.Position = 0;
        return stream._known;
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var wanted = (int)Math.Min(buffer.Length, Math.Max(0, Length - _position));
        while (_known.Length < _position + wanted && await ReadOnAsync(cancellationToken))
        {
        }

        _known.Position = Math.Min(_position, _known.Length);
        var read = _known.Read(buffer.Span[..wanted]);
        _position += read;
        return read;
    }

    public override long Seek(long offset, SeekOrigin origin) => Position = origin switch
    {
        SeekOrigin.Begin => offset,
        SeekOrigin.Current => _position + offset,
        SeekOrigin.End => Length + offset,
        _ => throw new ArgumentOutOfRangeException(nameof(origin)),
    };

    private async Task<bool> ReadOnAsync(CancellationToken cancellationToken)
    {
        var buffer = new byte[ReadSize];
        var read = await _body.ReadAsync(buffer, cancellationToken);
        if (_known.Length + read > RemoteLimits.MaxBytes)
        {
            throw new RemoteReadException("The server cannot send parts of the file, and the file is too long to be read whole for its inspection.");
        }

        _known.Position = _known.Length;
        _known.Write(buffer, 0, read);
        return read > 0;
    }
}
