using Platform.Domain.Media;

namespace Platform.Media.Probing;

/// <summary>Another program that is asked about an ISO or QuickTime file that our own parser could not tell.</summary>
internal interface ISecondOpinion
{
    /// <summary>Asks; null where there is nobody to ask, or where the other can't tell either.</summary>
    /// <param name="path">Absolute path of the file.</param>
    /// <param name="format">The format by content.</param>
    /// <param name="cancellationToken">Ends the question.</param>
    Task<MediaInfo?> AskAsync(string path, MediaFormat format, CancellationToken cancellationToken);
}
