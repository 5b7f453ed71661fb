using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using Platform.Domain.Media;

namespace Platform.Media.Probing;

/// <summary>
/// MP4 and MOV: goes over the boxes of the file itself, takes only the movie header and the fragment headers into memory,
/// and leaves what they mean to <see cref="IsoMovie"/>.
/// </summary>
internal sealed class IsoParser
{
    // A movie header of a 30 s clip has some 20 KB; with sound in tiny chunks, metadata and a cover, some hundreds.
    private const int MaxHeaderBytes = 16 * 1024 * 1024;

    // Clips with a fragment for every picture have two boxes for each.
    private const int MaxBoxes = 20_000;

    private const int ShortHeader = 8;
    private const int LongHeader = 16;

    private static readonly decimal MaxSeconds = 24 * 60 * 60;

    private readonly BoundedSource _source;
    private MediaFormat _format = MediaFormat.Mov;
    private IsoMovie? _movie;
    private bool _hasData;

    private IsoParser(BoundedSource source) => _source = source;

    /// <summary>
    /// Whether header and data were both seen. What follows and is no box then is padding, or a trailer as some cameras write.
    /// </summary>
    [MemberNotNullWhen(true, nameof(_movie))]
    private bool IsWhole => _movie is not null && _hasData;

    /// <summary>Says whether a file that starts so is meant to be an ISO or QuickTime file.</summary>
    public static bool Recognises(ReadOnlySpan<byte> head) => head.Length >= ShortHeader
        && BinaryPrimitives.ReadUInt32BigEndian(head[4..]) is BoxType.Ftyp or BoxType.Styp or BoxType.Moov or BoxType.Mdat
            or BoxType.Wide or BoxType.Free or BoxType.Skip or BoxType.Pnot;

    /// <summary>Reads the file.</summary>
    public static async Task<IsoOutcome> ParseAsync(BoundedSource source, CancellationToken cancellationToken)
    {
        var parser = new IsoParser(source);
        return await parser.WalkAsync(cancellationToken) ?? parser.Conclude();
    }

    private static IsoOutcome.Certain Certain(ProbeResult result) => new IsoOutcome.Certain(result);

    private IsoOutcome.Unsure Unsure(ProbeResult.Refused otherwise) => new IsoOutcome.Unsure(otherwise, _format);

    private async Task<IsoOutcome?> WalkAsync(CancellationToken cancellationToken)
    {
        var header = new byte[LongHeader];
        long offset = 0;
        for (var count = 0; offset <= _source.Length - ShortHeader; count++)
        {
            if (count == MaxBoxes)
            {
                return Certain(Refusals.TooComplicated);
            }

            if (!await _source.TryReadAsync(offset, header.AsMemory(0, ShortHeader), cancellationToken))
            {
                return Certain(_source.Failure);
            }

            long size = BinaryPrimitives.ReadUInt32BigEndian(header);
            var type = BinaryPrimitives.ReadUInt32BigEndian(header.AsSpan(4));
            var headerLength = ShortHeader;
            if (size == 1)
            {
                if (!await _source.TryReadAsync(offset, header, cancellationToken))
                {
                    return Certain(_source.Failure);
                }

                size = BinaryPrimitives.ReadInt64BigEndian(header.AsSpan(ShortHeader));
                headerLength = LongHeader;
            }
            else if (size == 0)
            {
                size = _source.Length - offset;
            }

            if (!BoxType.IsPlausible(type) || size < headerLength)
            {
                return IsWhole ? null : Unsure(Refusals.Damaged);
            }

            if (size > _source.Length - offset)
            {
                return IsWhole && !_movie.IsFragmented && type != BoxType.Mdat ? null : Certain(Refusals.CutOff);
            }

            if (await ReadBoxAsync(type, offset + headerLength, size - headerLength, cancellationToken) is { } outcome)
            {
                return outcome;
            }

            offset += size;
        }

        return null;
    }

    private async Task<IsoOutcome?> ReadBoxAsync(uint type, long start, long length, CancellationToken cancellationToken)
    {
        switch (type)
        {
            case BoxType.Ftyp when length >= sizeof(uint):
                var brand = new byte[sizeof(uint)];
                if (!await _source.TryReadAsync(start, brand, cancellationToken))
                {
                    return Certain(_source.Failure);
                }

                _format = BinaryPrimitives.ReadUInt32BigEndian(brand) == BoxType.QuickTimeBrand ? MediaFormat.Mov : MediaFormat.Mp4;
                return null;

            case BoxType.Mdat:
                _hasData = true;
                return null;

            case BoxType.Moov when _movie is null:
                return await ReadHeaderAsync(start, length, body => (_movie = IsoMovie.TryRead(body)) is not null, cancellationToken);

            case BoxType.Moof when _movie is not null:
                return await ReadHeaderAsync(start, length, body => _movie.TryAddFragment(body), cancellationToken);

            default:
                return null;
        }
    }

    private async Task<IsoOutcome?> ReadHeaderAsync(long start, long length, Func<byte[], bool> tryRead, CancellationToken cancellationToken)
    {
        if (length > MaxHeaderBytes)
        {
            return Certain(Refusals.TooComplicated);
        }

        var body = new byte[length];
        if (!await _source.TryReadAsync(start, body, cancellationToken))
        {
            return Certain(_source.Failure);
        }

        return tryRead(body) ? null : Unsure(Refusals.Damaged);
    }

    private IsoOutcome Conclude()
    {
        if (_movie is null)
        {
            // Written last by most cameras: a recording that was cut off has none.
            return Certain(_hasData ? Refusals.CutOff : Refusals.NoVideoTrack);
        }

        if (_movie.Tracks.Count == 0)
        {
            // A compressed header (QuickTime's cmov) has its tracks where only others look.
            return Unsure(Refusals.NoVideoTrack);
        }

        if (_movie.VideoTrack is not { } track)
        {
            return Certain(Refusals.NoVideoTrack);
        }

        if (track.LastChunkOffset >= (ulong)_source.Length)
        {
            return Certain(Refusals.CutOff);
        }

        var seconds = track.PresentedSeconds(_movie.Timescale);
        if (seconds == 0)
        {
            return Unsure(Refusals.NoFrames);
        }

        if (seconds > MaxSeconds)
        {
            return Certain(Refusals.TooLong);
        }

        if (track.Width <= 0 || track.Height <= 0)
        {
            return Unsure(Refusals.NoPicture);
        }

        return Certain(new ProbeResult.Recognised(new MediaInfo
        {
            Format = _format,
            Width = track.QuarterTurn ? track.Height : track.Width,
            Height = track.QuarterTurn ? track.Width : track.Height,
            DurationSeconds = seconds,
            HasAudio = _movie.HasAudio,
        }));
    }
}
