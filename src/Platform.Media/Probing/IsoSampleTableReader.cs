namespace Platform.Media.Probing;

/// <summary>Reads a track's sample table (<c>stbl</c>): durations, where the data lies, and the coded size of pictures.</summary>
internal static class IsoSampleTableReader
{
    /// <summary>Reads the content of an <c>stbl</c> box into the track; false where its structure is broken.</summary>
    public static bool TryRead(ReadOnlySpan<byte> stbl, IsoTrack track)
    {
        var boxes = new BoxCursor(stbl);
        while (boxes.TryNext())
        {
            var read = boxes.Type switch
            {
                BoxType.Stsd => TryReadDescription(boxes.Body, track),
                BoxType.Stts => TryReadDurations(boxes.Body, track),
                BoxType.Ctts => TryReadFirstCompositionOffset(boxes.Body, track),
                BoxType.Stco => TryReadChunkOffsets(boxes.Body, track, sizeof(uint)),
                BoxType.Co64 => TryReadChunkOffsets(boxes.Body, track, sizeof(ulong)),
                _ => true,
            };
            if (!read)
            {
                return false;
            }
        }

        return !boxes.Malformed;
    }

    /// <summary>Takes the size of the first visual sample entry where the track header has none.</summary>
    private static bool TryReadDescription(ReadOnlySpan<byte> stsd, IsoTrack track)
    {
        // The handler stands before the table in every file that a player opens; without it no size is taken from here.
        if (!track.IsVideo || (track.Width > 0 && track.Height > 0))
        {
            return true;
        }

        var fields = new ByteCursor(stsd);
        fields.Skip(4);
        if (fields.UInt32() == 0)
        {
            return true;
        }

        // Size, type, reserved and reference index (16), then 16 bytes that are reserved or QuickTime's.
        fields.Skip(32);
        var width = fields.UInt16();
        var height = fields.UInt16();
        (track.Width, track.Height) = (width, height);
        return !fields.Overrun;
    }

    private static bool TryReadDurations(ReadOnlySpan<byte> stts, IsoTrack track)
    {
        var fields = new ByteCursor(stts);
        fields.Skip(4);
        var count = fields.UInt32();
        if (count > fields.Remaining / 8)
        {
            return false;
        }

        UInt128 sum = 0;
        for (var i = 0; i < count; i++)
        {
            var samples = fields.UInt32();
            sum += (ulong)samples * fields.UInt32();
        }

        track.SampleDuration = sum;
        return true;
    }

    private static bool TryReadFirstCompositionOffset(ReadOnlySpan<byte> ctts, IsoTrack track)
    {
        var fields = new ByteCursor(ctts);
        fields.Skip(4);
        if (fields.UInt32() > 0)
        {
            fields.Skip(4);

            // Version 0 has no sign, but files with negative offsets claim it all the same.
            track.FirstCompositionOffset ??= fields.Int32();
        }

        return !fields.Overrun;
    }

    private static bool TryReadChunkOffsets(ReadOnlySpan<byte> offsets, IsoTrack track, int size)
    {
        var fields = new ByteCursor(offsets);
        fields.Skip(4);
        var count = fields.UInt32();
        if (count > fields.Remaining / size)
        {
            return false;
        }

        for (var i = 0; i < count; i++)
        {
            track.LastChunkOffset = Math.Max(track.LastChunkOffset, size == sizeof(uint) ? fields.UInt32() : fields.UInt64());
        }

        return true;
    }
}
