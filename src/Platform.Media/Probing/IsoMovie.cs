namespace Platform.Media.Probing;

/// <summary>What a movie header (<c>moov</c>) says, with what fragments (<c>moof</c>) add to it. Pure: bytes in, facts out.</summary>
internal sealed class IsoMovie
{
    // A film has a handful; more only cost time.
    private const int MaxTracks = 64;

    private readonly List<IsoTrack> _tracks = [];

    /// <summary>Units per second of edit lists.</summary>
    public uint Timescale { get; private set; }

    public IReadOnlyList<IsoTrack> Tracks => _tracks;

    /// <summary>Whether the header promises fragments.</summary>
    public bool IsFragmented { get; private set; }

    public bool HasAudio => _tracks.Exists(track => track.IsAudio);

    /// <summary>
    /// The track that counts: the longest enabled one with pictures, or the longest at all where none is enabled. The longest,
    /// because that is the one that a renderer could be made to work on.
    /// </summary>
    public IsoTrack? VideoTrack => _tracks
        .Where(track => track.IsVideo)
        .OrderByDescending(track => track.IsEnabled)
        .ThenByDescending(track => track.PresentedSeconds(Timescale))
        .FirstOrDefault();

    /// <summary>Reads the content of a <c>moov</c> box; null where its structure is broken.</summary>
    public static IsoMovie? TryRead(ReadOnlySpan<byte> moov)
    {
        var movie = new IsoMovie();
        var turned = false;
        var boxes = new BoxCursor(moov);
        var trackExtends = new List<(uint Id, uint Duration)>();
        while (boxes.TryNext())
        {
            switch (boxes.Type)
            {
                case BoxType.Mvhd:
                    if (!movie.TryReadMovieHeader(boxes.Body, out turned))
                    {
                        return null;
                    }

                    break;
                case BoxType.Trak when movie._tracks.Count < MaxTracks:
                    if (IsoTrackReader.TryRead(boxes.Body) is not { } track)
                    {
                        return null;
                    }

                    movie._tracks.Add(track);
                    break;
                case BoxType.Mvex:
                    movie.IsFragmented = true;
                    ReadTrackExtends(boxes.Body, trackExtends);
                    break;
                default:
                    break;
            }
        }

        if (boxes.Malformed)
        {
            return null;
        }

        foreach (var track in movie._tracks)
        {
            // Both matrices apply, and two quarter turns are a half.
            track.QuarterTurn ^= turned;
            track.DefaultSampleDuration = trackExtends.Find(entry => entry.Id == track.Id).Duration;
        }

        return movie;
    }

    /// <summary>Adds the samples of a fragment, the content of a <c>moof</c> box; false where its structure is broken.</summary>
    public bool TryAddFragment(ReadOnlySpan<byte> moof)
    {
        var boxes = new BoxCursor(moof);
        while (boxes.TryNext())
        {
            if (boxes.Type == BoxType.Traf && !IsoFragmentReader.TryAdd(boxes.Body, _tracks))
            {
                return false;
            }
        }

        return !boxes.Malformed;
    }

    private static void ReadTrackExtends(ReadOnlySpan<byte> mvex, List<(uint Id, uint Duration)> entries)
    {
        var boxes = new BoxCursor(mvex);
        while (boxes.TryNext() && entries.Count < MaxTracks)
        {
            if (boxes.Type == BoxType.Trex)
            {
                var fields = new ByteCursor(boxes.Body);
                fields.Skip(4);
                var id = fields.UInt32();
                fields.Skip(4);
                entries.Add((id, fields.UInt32()));
            }
        }
    }

    private bool TryReadMovieHeader(ReadOnlySpan<byte> mvhd, out bool turned)
    {
        var fields = new ByteCursor(mvhd);
        var isLong = fields.UInt8() == 1;
        fields.Skip(3);
        fields.Skip(isLong ? 16 : 8);
        Timescale = fields.UInt32();
        fields.Skip(isLong ? 8 : 4);
        fields.Skip(16);
        turned = IsoTrackReader.ReadQuarterTurn(ref fields);
        return !fields.Overrun;
    }
}
