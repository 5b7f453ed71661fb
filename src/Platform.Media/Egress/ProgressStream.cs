namespace Platform.Media.Egress;

/// <summary>
/// A body that must make progress: each next <see cref="EgressOptions.MinBytesPerWindow"/> bytes within a
/// <see cref="EgressOptions.ProgressWindow"/> of waiting. A limit on each single read would not do, since a server could send
/// one byte just before each ends. Only time spent waiting for the server counts.
/// </summary>
internal sealed class ProgressStream(Stream inner, EgressOptions options, TimeProvider time) : AsyncReadStream
{
    private TimeSpan _waited;
    private long _received;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_waited >= options.ProgressWindow)
        {
            throw TooSlow();
        }

        var started = time.GetTimestamp();
        using var windowEnd = new CancellationTokenSource(options.ProgressWindow - _waited, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(windowEnd.Token, cancellationToken);
        int read;
        try
        {
            read = await inner.ReadAsync(buffer, linked.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw TooSlow();
        }
        catch (Exception e) when (e is IOException or HttpRequestException)
        {
            throw new RemoteReadException("The server ended the connection before the end of the file.", e);
        }

        _received += read;
        _waited += time.GetElapsedTime(started);
        if (_received >= options.MinBytesPerWindow)
        {
            (_waited, _received) = (TimeSpan.Zero, 0);
        }

        return read;
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }

    public override async ValueTask DisposeAsync()
    {
        await inner.DisposeAsync();
        await base.DisposeAsync();
    }

    private static RemoteReadException TooSlow() => new("The server sends too slowly.");
}
