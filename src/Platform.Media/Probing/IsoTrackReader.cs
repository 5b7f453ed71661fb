namespace Platform.Media.Probing;

/// <summary>Reads a track's header (<c>trak</c>): who it is, how large, how long, and what of it is shown.</summary>
internal static class IsoTrackReader
{
    // Real lists have a handful of entries; a longer one is not a film that a limit of 30 s would admit.
    private const int MaxEdits = 4096;

    /// <summary>Reads the content of a <c>trak</c> box; null where its structure is broken.</summary>
    public static IsoTrack? TryRead(ReadOnlySpan<byte> trak)
    {
        var track = new IsoTrack();
        var boxes = new BoxCursor(trak);
        while (boxes.TryNext())
        {
            var read = boxes.Type switch
            {
                BoxType.Tkhd => TryReadTrackHeader(boxes.Body, track),
                BoxType.Edts => TryReadEdits(boxes.Body, track),
                BoxType.Mdia => TryReadMedia(boxes.Body, track),
                _ => true,
            };
            if (!read)
            {
                return null;
            }
        }

        return boxes.Malformed ? null : track;
    }

    /// <summary>Reads a transformation matrix and says whether it turns the picture by 90° or 270°.</summary>
    public static bool ReadQuarterTurn(ref ByteCursor fields)
    {
        // a b u, c d v, x y w: the picture's x axis becomes its y axis where a and d are zero and b and c are not.
        var a = fields.Int32();
        var b = fields.Int32();
        fields.Skip(4);
        var c = fields.Int32();
        var d = fields.Int32();
        fields.Skip(16);
        return a == 0 && d == 0 && b != 0 && c != 0;
    }

    private static bool TryReadTrackHeader(ReadOnlySpan<byte> tkhd, IsoTrack track)
    {
        var fields = new ByteCursor(tkhd);
        var versionAndFlags = fields.UInt32();
        var isLong = versionAndFlags >> 24 == 1;
        track.Flags = versionAndFlags & 0xFFFFFF;
        fields.Skip(isLong ? 16 : 8);
        track.Id = fields.UInt32();
        fields.Skip(4);
        fields.Skip(isLong ? 8 : 4);
        fields.Skip(16);
        track.QuarterTurn = ReadQuarterTurn(ref fields);
        track.Width = RoundedFixed(fields.UInt32());
        track.Height = RoundedFixed(fields.UInt32());
        return !fields.Overrun;
    }

    // 16.16 fixed point.
    private static int RoundedFixed(uint value) => (int)((value + 0x8000UL) >> 16);

    private static bool TryReadEdits(ReadOnlySpan<byte> edts, IsoTrack track)
    {
        var boxes = new BoxCursor(edts);
        while (boxes.TryNext())
        {
            if (boxes.Type != BoxType.Elst)
            {
                continue;
            }

            var fields = new ByteCursor(boxes.Body);
            var isLong = fields.UInt8() == 1;
            fields.Skip(3);
            var count = fields.UInt32();
            if (count > MaxEdits)
            {
                return false;
            }

            for (var i = 0; i < count; i++)
            {
                var duration = isLong ? fields.UInt64() : fields.UInt32();
                var mediaTime = isLong ? fields.Int64() : fields.Int32();
                var rate = fields.UInt32();
                if (fields.Overrun)
                {
                    return false;
                }

                track.Edits.Add(new Edit(duration, mediaTime, Still: rate == 0 && mediaTime >= 0));
            }
        }

        return !boxes.Malformed;
    }

    private static bool TryReadMedia(ReadOnlySpan<byte> mdia, IsoTrack track)
    {
        var boxes = new BoxCursor(mdia);
        while (boxes.TryNext())
        {
            var read = boxes.Type switch
            {
                BoxType.Mdhd => TryReadMediaHeader(boxes.Body, track),
                BoxType.Hdlr => TryReadHandler(boxes.Body, track),
                BoxType.Minf => TryReadMediaInformation(boxes.Body, track),
                _ => true,
            };
            if (!read)
            {
                return false;
            }
        }

        return !boxes.Malformed;
    }

    private static bool TryReadMediaHeader(ReadOnlySpan<byte> mdhd, IsoTrack track)
    {
        var fields = new ByteCursor(mdhd);
        var isLong = fields.UInt8() == 1;
        fields.Skip(3);
        fields.Skip(isLong ? 16 : 8);
        track.Timescale = fields.UInt32();
        var duration = isLong ? fields.UInt64() : fields.UInt32();

        // All ones: not known.
        track.ClaimedDuration = duration == (isLong ? ulong.MaxValue : uint.MaxValue) ? 0 : duration;
        return !fields.Overrun;
    }

    private static bool TryReadHandler(ReadOnlySpan<byte> hdlr, IsoTrack track)
    {
        var fields = new ByteCursor(hdlr);
        fields.Skip(8);
        track.Handler = fields.UInt32();
        return !fields.Overrun;
    }

    private static bool TryReadMediaInformation(ReadOnlySpan<byte> minf, IsoTrack track)
    {
        var boxes = new BoxCursor(minf);
        while (boxes.TryNext())
        {
            if (boxes.Type == BoxType.Stbl && !IsoSampleTableReader.TryRead(boxes.Body, track))
            {
                return false;
            }
        }

        return !boxes.Malformed;
    }
}
