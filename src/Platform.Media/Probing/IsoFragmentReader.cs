namespace Platform.Media.Probing;

/// <summary>
/// Adds up the samples of a track fragment (<c>traf</c>). What the headers claim for the whole (<c>mehd</c>, <c>sidx</c>) is
/// not read: the fragments are what is played, and a claim could make a long clip cheap.
/// </summary>
internal static class IsoFragmentReader
{
    private const uint HasBaseOffset = 0x1;
    private const uint HasDescriptionIndex = 0x2;
    private const uint HasDefaultDuration = 0x8;

    private const uint HasDataOffset = 0x1;
    private const uint HasFirstFlags = 0x4;
    private const uint HasDurations = 0x100;
    private const uint HasSizes = 0x200;
    private const uint HasFlags = 0x400;
    private const uint HasCompositionOffsets = 0x800;

    /// <summary>Reads the content of a <c>traf</c> box into the track it names; false where its structure is broken.</summary>
    public static bool TryAdd(ReadOnlySpan<byte> traf, IReadOnlyList<IsoTrack> tracks)
    {
        IsoTrack? track = null;
        uint defaultDuration = 0;
        var boxes = new BoxCursor(traf);
        while (boxes.TryNext())
        {
            switch (boxes.Type)
            {
                case BoxType.Tfhd:
                    var fields = new ByteCursor(boxes.Body);
                    var flags = fields.UInt32();
                    var id = fields.UInt32();
                    track = tracks.FirstOrDefault(candidate => candidate.Id == id);
                    fields.Skip((flags & HasBaseOffset) != 0 ? 8 : 0);
                    fields.Skip((flags & HasDescriptionIndex) != 0 ? 4 : 0);
                    defaultDuration = (flags & HasDefaultDuration) != 0 ? fields.UInt32() : track?.DefaultSampleDuration ?? 0;
                    if (fields.Overrun)
                    {
                        return false;
                    }

                    break;
                case BoxType.Trun when track is not null:
                    if (!TryAddRun(boxes.Body, track, defaultDuration))
                    {
                        return false;
                    }

                    break;
                default:
                    break;
            }
        }

        return !boxes.Malformed;
    }

    private static bool TryAddRun(ReadOnlySpan<byte> trun, IsoTrack track, uint defaultDuration)
    {
        var fields = new ByteCursor(trun);
        var flags = fields.UInt32();
        var count = fields.UInt32();
        fields.Skip((flags & HasDataOffset) != 0 ? 4 : 0);
        fields.Skip((flags & HasFirstFlags) != 0 ? 4 : 0);

        var afterDuration = ((flags & HasSizes) != 0 ? 4 : 0) + ((flags & HasFlags) != 0 ? 4 : 0);
        var entry = ((flags & HasDurations) != 0 ? 4 : 0) + afterDuration + ((flags & HasCompositionOffsets) != 0 ? 4 : 0);
        if (fields.Overrun || (entry > 0 && count > fields.Remaining / entry))
        {
            return false;
        }

        if (entry == 0)
        {
            track.FragmentDuration += (ulong)count * defaultDuration;
            return true;
        }

        for (var i = 0; i < count; i++)
        {
            track.FragmentDuration += (flags & HasDurations) != 0 ? fields.UInt32() : defaultDuration;
            fields.Skip(afterDuration);
            if ((flags & HasCompositionOffsets) != 0)
            {
                var offset = fields.Int32();
                track.FirstCompositionOffset ??= offset;
            }
        }

        return true;
    }
}
