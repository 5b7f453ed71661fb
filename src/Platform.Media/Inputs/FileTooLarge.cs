using System.Globalization;

namespace Platform.Media.Inputs;

/// <summary>The sentence about a file that is larger than allowed.</summary>
internal static class FileTooLarge
{
    public static string Sentence(long maxBytes) =>
        string.Create(CultureInfo.InvariantCulture, $"The file is larger than {maxBytes} bytes.");
}
