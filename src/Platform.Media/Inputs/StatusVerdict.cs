using System.Globalization;
using System.Net;

namespace Platform.Media.Inputs;

/// <summary>What a status other than success means for a file that is to be fetched.</summary>
internal static class StatusVerdict
{
    /// <summary>Whether trying again cannot help: the server understood, and says no.</summary>
    public static bool IsFinal(HttpStatusCode status) => (int)status is >= 400 and < 500
        && status is not (HttpStatusCode.RequestTimeout or (HttpStatusCode)425 or HttpStatusCode.TooManyRequests);

    /// <summary>A sentence for whoever gave the URL.</summary>
    public static string Sentence(HttpStatusCode status) =>
        string.Create(CultureInfo.InvariantCulture, $"The URL answered with status {(int)status}.");
}
