namespace Platform.Media.Probing;

/// <summary>Box types of ISO/IEC 14496-12 and of QuickTime that a probe has to know.</summary>
internal static class BoxType
{
    public const uint Ftyp = ('f' << 24) | ('t' << 16) | ('y' << 8) | 'p';
    public const uint Styp = ('s' << 24) | ('t' << 16) | ('y' << 8) | 'p';
    public const uint Moov = ('m' << 24) | ('o' << 16) | ('o' << 8) | 'v';
    public const uint Mdat = ('m' << 24) | ('d' << 16) | ('a' << 8) | 't';
    public const uint Moof = ('m' << 24) | ('o' << 16) | ('o' << 8) | 'f';
    public const uint Free = ('f' << 24) | ('r' << 16) | ('e' << 8) | 'e';
    public const uint Skip = ('s' << 24) | ('k' << 16) | ('i' << 8) | 'p';
    public const uint Wide = ('w' << 24) | ('i' << 16) | ('d' << 8) | 'e';
    public const uint Pnot = ('p' << 24) | ('n' << 16) | ('o' << 8) | 't';

    public const uint Mvhd = ('m' << 24) | ('v' << 16) | ('h' << 8) | 'd';
    public const uint Mvex = ('m' << 24) | ('v' << 16) | ('e' << 8) | 'x';
    public const uint Trex = ('t' << 24) | ('r' << 16) | ('e' << 8) | 'x';
    public const uint Trak = ('t' << 24) | ('r' << 16) | ('a' << 8) | 'k';
    public const uint Tkhd = ('t' << 24) | ('k' << 16) | ('h' << 8) | 'd';
    public const uint Edts = ('e' << 24) | ('d' << 16) | ('t' << 8) | 's';
    public const uint Elst = ('e' << 24) | ('l' << 16) | ('s' << 8) | 't';
    public const uint Mdia = ('m' << 24) | ('d' << 16) | ('i' << 8) | 'a';
    public const uint Mdhd = ('m' << 24) | ('d' << 16) | ('h' << 8) | 'd';
    public const uint Hdlr = ('h' << 24) | ('d' << 16) | ('l' << 8) | 'r';
    public const uint Minf = ('m' << 24) | ('i' << 16) | ('n' << 8) | 'f';
    public const uint Stbl = ('s' << 24) | ('t' << 16) | ('b' << 8) | 'l';
    public const uint Stsd = ('s' << 24) | ('t' << 16) | ('s' << 8) | 'd';
    public const uint Stts = ('s' << 24) | ('t' << 16) | ('t' << 8) | 's';
    public const uint Ctts = ('c' << 24) | ('t' << 16) | ('t' << 8) | 's';
    public const uint Stco = ('s' << 24) | ('t' << 16) | ('c' << 8) | 'o';
    public const uint Co64 = ('c' << 24) | ('o' << 16) | ('6' << 8) | '4';
    public const uint Traf = ('t' << 24) | ('r' << 16) | ('a' << 8) | 'f';
    public const uint Tfhd = ('t' << 24) | ('f' << 16) | ('h' << 8) | 'd';
    public const uint Trun = ('t' << 24) | ('r' << 16) | ('u' << 8) | 'n';

    /// <summary>Handler of a track with pictures.</summary>
    public const uint Vide = ('v' << 24) | ('i' << 16) | ('d' << 8) | 'e';

    /// <summary>Handler of a track with sound.</summary>
    public const uint Soun = ('s' << 24) | ('o' << 16) | ('u' << 8) | 'n';

    /// <summary>Brand of QuickTime files.</summary>
    public const uint QuickTimeBrand = ('q' << 24) | ('t' << 16) | (' ' << 8) | ' ';

    /// <summary>Whether all four bytes are printable ASCII, as those of every registered type are (or start with ©).</summary>
    public static bool IsPlausible(uint type)
    {
        for (var shift = 0; shift < 32; shift += 8)
        {
            if ((byte)(type >> shift) is (< 0x20 or > 0x7E) and not 0xA9)
            {
                return false;
            }
        }

        return true;
    }
}
