namespace Platform.Media.Probing;

/// <summary>One entry of an edit list: which piece of the media is shown, and for how long.</summary>
/// <param name="Duration">How long, in units of the movie's time scale; 0 where a fragmented file left it open.</param>
/// <param name="MediaTime">From where, in units of the media's time scale; -1 for a gap in which nothing is shown.</param>
/// <param name="Still">Whether one picture stands for the whole time (rate 0).</param>
internal readonly record struct Edit(ulong Duration, long MediaTime, bool Still);

/// <summary>What is known of a track; filled while its boxes are read.</summary>
internal sealed class IsoTrack
{
    private const uint Enabled = 1;

    public uint Id { get; set; }

    public uint Flags { get; set; }

    public uint Handler { get; set; }

    /// <summary>Units per second of all times of this track's media.</summary>
    public uint Timescale { get; set; }

    /// <summary>What the media header claims; 0 where it claims nothing.</summary>
    public ulong ClaimedDuration { get; set; }

    /// <summary>Sum of the durations of the samples in the movie header's tables.</summary>
    public UInt128 SampleDuration { get; set; }

    /// <summary>Sum of the durations of the samples in fragments.</summary>
    public UInt128 FragmentDuration { get; set; }

    /// <summary>Duration of a sample in a fragment that says nothing else.</summary>
    public uint DefaultSampleDuration { get; set; }

    /// <summary>How much later than it is decoded the first picture is shown.</summary>
    public long? FirstCompositionOffset { get; set; }

    /// <summary>Where the last piece of the track's data begins in the file.</summary>
    public ulong LastChunkOffset { get; set; }

    public List<Edit> Edits { get; } = [];

    /// <summary>Size as shown, before rotation.</summary>
    public int Width { get; set; }

    /// <summary>Size as shown, before rotation.</summary>
    public int Height { get; set; }

    /// <summary>Whether the picture is turned by a quarter, so that its sides are exchanged.</summary>
    public bool QuarterTurn { get; set; }

    public bool IsVideo => Handler == BoxType.Vide;

    public bool IsAudio => Handler == BoxType.Soun;

    public bool IsEnabled => (Flags & Enabled) != 0;

    /// <summary>
    /// Length of the media. The samples decide and the header's claim only stands in for them: a header that understates its
    /// samples would make a long clip cheap.
    /// </summary>
    public UInt128 MediaDuration => SampleDuration + FragmentDuration is var samples && samples > 0 ? samples : ClaimedDuration;

    /// <summary>
    /// How long the track is shown, in seconds with six decimals: the media, or what its edit list shows of it. Gaps in which
    /// nothing is shown do not count, and no edit can show more than there is.
    /// </summary>
    /// <param name="movieTimescale">Units per second of the edit list's durations.</param>
    public decimal PresentedSeconds(uint movieTimescale)
    {
        if (Timescale == 0)
        {
            return 0;
        }

        var media = (decimal)MediaDuration / Timescale;
        if (Edits.Count == 0 || movieTimescale == 0)
        {
            return Rounded(media);
        }

        decimal shown = 0;
        foreach (var edit in Edits)
        {
            var asked = (decimal)edit.Duration / movieTimescale;
            if (edit.Still)
            {
                shown += asked;
            }
            else if (edit.MediaTime >= 0)
            {
                // Pictures are shown from the first composition offset on, and the list counts in that time.
                var skipped = Math.Max(0, (edit.MediaTime - (decimal)(FirstCompositionOffset ?? 0)) / Timescale);
                var left = Math.Max(0, media - skipped);
                shown += edit.Duration == 0 ? left : Math.Min(asked, left);
            }
        }

        return Rounded(shown);
    }

    private static decimal Rounded(decimal seconds) => Math.Round(seconds, 6, MidpointRounding.AwayFromZero);
}
