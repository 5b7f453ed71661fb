namespace Platform.Media.Probing;

/// <summary>Names formats that are often sent by mistake, so that a refusal can say what the file is.</summary>
internal static class ForeignFormats
{
    public static string? NameOf(ReadOnlySpan<byte> head) => head switch
    {
        _ when head.StartsWith("GIF8"u8) => "a GIF image",
        _ when head.StartsWith("RIFF"u8) && head.Length >= 12 && head[8..].StartsWith("WEBP"u8) => "a WebP image",
        _ when head.StartsWith("RIFF"u8) && head.Length >= 12 && head[8..].StartsWith("AVI "u8) => "an AVI video",
        _ when head.StartsWith("BM"u8) => "a BMP image",
        [0x1A, 0x45, 0xDF, 0xA3, ..] => "a WebM or Matroska video",
        _ when head.StartsWith("<?xml"u8) || head.StartsWith("<svg"u8) => "an XML or SVG document",
        _ when head.StartsWith("<!DOCTYPE"u8) || head.StartsWith("<!doctype"u8) || head.StartsWith("<html"u8) => "a web page",
        _ when head.StartsWith("%PDF"u8) => "a PDF document",
        _ => null,
    };
}
