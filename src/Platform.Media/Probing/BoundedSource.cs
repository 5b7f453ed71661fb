using Platform.Domain.Media;

namespace Platform.Media.Probing;

/// <summary>
/// Random access to a file whose bytes are not trusted: counts every byte that it asks the stream for and stops at a bound, so
/// that no file can make a probe read more, however it is made.
/// </summary>
internal sealed class BoundedSource
{
    /// <summary>Small reads are served from a window of this size. Parsers hop over the bulk of a file, so it is kept small.</summary>
    private const int WindowSize = 4 * 1024;

    private readonly Stream _content;
    private readonly byte[] _window = new byte[WindowSize];
    private long _windowStart;
    private int _windowLength;
    private long _budget;

    /// <param name="content">The file; seekable.</param>
    /// <param name="maxBytes">Most bytes to ask it for.</param>
    public BoundedSource(Stream content, long maxBytes)
    {
        _content = content;
        _budget = maxBytes;
        Length = content.Length;
    }

    /// <summary>Length of the file in bytes.</summary>
    public long Length { get; }

    /// <summary>Why the last <see cref="TryReadAsync"/> gave nothing.</summary>
    public ProbeResult.Refused Failure { get; private set; } = Refusals.CutOff;

    /// <summary>
    /// Fills <paramref name="target"/> from <paramref name="offset"/>; false where the file ends before, or the bound is
    /// reached, and then <see cref="Failure"/> says which.
    /// </summary>
    public async ValueTask<bool> TryReadAsync(long offset, Memory<byte> target, CancellationToken cancellationToken)
    {
        if (offset < 0 || offset > Length - target.Length)
        {
            Failure = Refusals.CutOff;
            return false;
        }

        if (TryTakeFromWindow(offset, target.Span))
        {
            return true;
        }

        if (target.Length >= WindowSize)
        {
            return await FillAsync(offset, target, cancellationToken);
        }

        _windowLength = 0;
        var length = (int)Math.Min(WindowSize, Length - offset);
        if (!await FillAsync(offset, _window.AsMemory(0, length), cancellationToken))
        {
            return false;
        }

        (_windowStart, _windowLength) = (offset, length);
        return TryTakeFromWindow(offset, target.Span);
    }

    private bool TryTakeFromWindow(long offset, Span<byte> target)
    {
        if (offset < _windowStart || offset + target.Length > _windowStart + _windowLength)
        {
            return false;
        }

        _window.AsSpan((int)(offset - _windowStart), target.Length).CopyTo(target);
        return true;
    }

    private async ValueTask<bool> FillAsync(long offset, Memory<byte> target, CancellationToken cancellationToken)
    {
        if (target.Length > _budget)
        {
            Failure = Refusals.TooComplicated;
            return false;
        }

        _budget -= target.Length;
        _content.Position = offset;
        if (await _content.ReadAtLeastAsync(target, target.Length, throwOnEndOfStream: false, cancellationToken) < target.Length)
        {
            Failure = Refusals.CutOff;
            return false;
        }

        return true;
    }
}
