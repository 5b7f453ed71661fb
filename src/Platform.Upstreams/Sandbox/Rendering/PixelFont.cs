namespace Platform.Upstreams.Sandbox.Rendering;

/// <summary>
/// The letters that the marks on a preview need, five pixels wide and seven high. Drawn here, because ffmpeg's text filter
/// wants a font file, and a server may have none.
/// </summary>
internal static class PixelFont
{
    /// <summary>Width of a letter in its own pixels.</summary>
    internal const int Width = 5;

    /// <summary>Height of a letter in its own pixels.</summary>
    internal const int Height = 7;

    /// <summary>From the left edge of one letter to that of the next.</summary>
    internal const int Advance = Width + 1;

    // Seven rows of five bits each, the leftmost pixel highest.
    private static readonly Dictionary<char, byte[]> Letters = new()
    {
        ['A'] = [0b01110, 0b10001, 0b10001, 0b11111, 0b10001, 0b10001, 0b10001],
        ['B'] = [0b11110, 0b10001, 0b10001, 0b11110, 0b10001, 0b10001, 0b11110],
        ['D'] = [0b11110, 0b10001, 0b10001, 0b10001, 0b10001, 0b10001, 0b11110],
        ['E'] = [0b11111, 0b10000, 0b10000, 0b11110, 0b10000, 0b10000, 0b11111],
        ['I'] = [0b01110, 0b00100, 0b00100, 0b00100, 0b00100, 0b00100, 0b01110],
        ['N'] = [0b10001, 0b11001, 0b10101, 0b10101, 0b10011, 0b10001, 0b10001],
        ['O'] = [0b01110, 0b10001, 0b10001, 0b10001, 0b10001, 0b10001, 0b01110],
        ['P'] = [0b11110, 0b10001, 0b10001, 0b11110, 0b10000, 0b10000, 0b10000],
        ['R'] = [0b11110, 0b10001, 0b10001, 0b11110, 0b10100, 0b10010, 0b10001],
        ['S'] = [0b01111, 0b10000, 0b10000, 0b01110, 0b00001, 0b00001, 0b11110],
        ['V'] = [0b10001, 0b10001, 0b10001, 0b10001, 0b10001, 0b01010, 0b00100],
        ['W'] = [0b10001, 0b10001, 0b10001, 0b10101, 0b10101, 0b11011, 0b10001],
        ['X'] = [0b10001, 0b10001, 0b01010, 0b00100, 0b01010, 0b10001, 0b10001],
        ['-'] = [0b00000, 0b00000, 0b00000, 0b01110, 0b00000, 0b00000, 0b00000],
        [' '] = [0, 0, 0, 0, 0, 0, 0],
    };

    /// <summary>Width of a text in letter pixels, without the gap after its last letter.</summary>
    internal static int Measure(string text) => (text.Length * Advance) - 1;

    /// <summary>Whether a pixel of a text is set.</summary>
    /// <param name="text">Letters that the font has.</param>
    /// <param name="x">From the left, below <see cref="Measure"/>.</param>
    /// <param name="y">From the top, below <see cref="Height"/>.</param>
    internal static bool IsSet(string text, int x, int y)
    {
        var column = x % Advance;
        return column < Width && (Letters[text[x / Advance]][y] >> (Width - 1 - column) & 1) != 0;
    }
}
