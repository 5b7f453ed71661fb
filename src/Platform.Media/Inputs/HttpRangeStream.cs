using System.Net;
using System.Net.Http.Headers;
using Platform.Media.Egress;

namespace Platform.Media.Inputs;

/// <summary>
/// A foreign file as a stream that can seek: what is read and not known yet is asked for by an HTTP range request. Requests and
/// bytes are bounded; beyond, reading fails with <see cref="RemoteReadException"/>.
/// </summary>
internal sealed class HttpRangeStream : AsyncReadStream
{
    private readonly GuardedHttp _http;
    private readonly Uri _url;
    private readonly string? _entityTag;
    private readonly List<(long Start, byte[] Bytes)> _pieces = [];
    private int _requestsLeft = RemoteLimits.MaxRequests;
    private long _bytesLeft = RemoteLimits.MaxBytes;
    private long _position;

    private HttpRangeStream(GuardedHttp http, Uri url, string? entityTag, long length)
    {
        _http = http;
        _url = url;
        _entityTag = entityTag;
        Length = length;
    }

    /// <summary>The range that a first request asks for.</summary>
    public static RangeHeaderValue FirstRange { get; } = new(0, RemoteLimits.BlockSize - 1);

    public override bool CanSeek => true;

    public override long Length { get; }

    public override long Position
    {
        get => _position;
        set => _position = value >= 0 ? value : throw new ArgumentOutOfRangeException(nameof(value));
    }

    /// <summary>Makes the stream of a file whose first range was answered by <paramref name="first"/>, which is read here.</summary>
    /// <exception cref="RemoteReadException">The answer is not that range, or ends early.</exception>
    public static async Task<HttpRangeStream> OpenAsync(GuardedHttp http, GuardedResponse first, CancellationToken cancellationToken)
    {
        if (first.ContentRange?.Length is not { } length)
        {
            throw new RemoteReadException("The server does not say how long the file is.");
        }

        var stream = new HttpRangeStream(http, first.Url, first.EntityTag, length);
        await stream.TakeAsync(first, 0, (int)Math.Min(length, RemoteLimits.BlockSize), cancellationToken);
        return stream;
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var wanted = (int)Math.Min(buffer.Length, Math.Max(0, Length - _position));
        if (wanted == 0)
        {
            return 0;
        }

        var read = TakeKnown(buffer.Span[..wanted]);
        if (read == 0)
        {
            await RequestAsync(wanted, cancellationToken);
            read = TakeKnown(buffer.Span[..wanted]);
        }

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

    private int TakeKnown(Span<byte> target)
    {
        foreach (var (start, bytes) in _pieces)
        {
            var offset = _position - start;
            if (offset >= 0 && offset < bytes.Length)
            {
                var known = bytes.AsSpan((int)offset);
                var count = Math.Min(known.Length, target.Length);
                known[..count].CopyTo(target);
                return count;
            }
        }

        return 0;
    }

    private async Task RequestAsync(int wanted, CancellationToken cancellationToken)
    {
        var length = (int)Math.Min(Math.Max(wanted, RemoteLimits.BlockSize), Length - _position);
        var answer = await _http.GetAsync(_url, new RangeHeaderValue(_position, _position + length - 1), cancellationToken);
        switch (answer)
        {
            case GuardedAnswer.Answered { Response: var response }:
                await using (response)
                {
                    await TakeAsync(response, _position, length, cancellationToken);
                }

                break;
            case GuardedAnswer.Refused refused:
                throw new RemoteReadException(refused.Reason);
            case GuardedAnswer.Failed failed:
                throw new RemoteReadException(failed.Reason);
            default:
                throw new InvalidOperationException("An answer without a case.");
        }
    }

    private async Task TakeAsync(GuardedResponse response, long start, int length, CancellationToken cancellationToken)
    {
        if (_requestsLeft-- == 0 || (_bytesLeft -= length) < 0)
        {
            throw new RemoteReadException("The file takes more reading than its inspection is allowed.");
        }

        if (response.Status != HttpStatusCode.PartialContent
            || response.ContentRange is not { HasRange: true } range
            || range.From != start || range.To < start + length - 1 || range.Length != Length
            || response.EntityTag != _entityTag)
        {
            throw new RemoteReadException("The server answered with another part, or with another version of the file.");
        }

        var bytes = new byte[length];
        if (await response.Body.ReadAtLeastAsync(bytes, length, throwOnEndOfStream: false, cancellationToken) < length)
        {
            throw new RemoteReadException("The server sent less than it announced.");
        }

        _pieces.Add((start, bytes));
    }
}
