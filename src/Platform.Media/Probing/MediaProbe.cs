using Platform.Domain.Media;

namespace Platform.Media.Probing;

/// <summary>
/// Recognises a file by its first bytes and hands it to the parser of its format. Everything is read through a
/// <see cref="BoundedSource"/>; the parsers have no exceptions for bad input, only answers.
/// </summary>
internal sealed class MediaProbe(ISecondOpinion secondOpinion) : IMediaProbe
{
    /// <summary>Most bytes that are read of a file: room for the largest accepted movie header and for hopping to it.</summary>
    public const int MaxBytesRead = 24 * 1024 * 1024;

    private const int HeadLength = 16;

    /// <inheritdoc/>
    public async Task<ProbeResult> ProbeAsync(Stream content, CancellationToken cancellationToken)
    {
        var source = new BoundedSource(content, MaxBytesRead);
        if (source.Length == 0)
        {
            return Refusals.Empty;
        }

        var head = new byte[Math.Min(HeadLength, source.Length)];
        if (!await source.TryReadAsync(0, head, cancellationToken))
        {
            return source.Failure;
        }

        if (JpegParser.Recognises(head))
        {
            return await JpegParser.ParseAsync(source, cancellationToken);
        }

        if (PngParser.Recognises(head))
        {
            return await PngParser.ParseAsync(source, cancellationToken);
        }

        return IsoParser.Recognises(head)
            ? await ProbeIsoAsync(content, source, cancellationToken)
            : ForeignFormats.NameOf(head) is { } name ? Refusals.Known(name) : Refusals.Unknown;
    }

    private async Task<ProbeResult> ProbeIsoAsync(Stream content, BoundedSource source, CancellationToken cancellationToken)
    {
        switch (await IsoParser.ParseAsync(source, cancellationToken))
        {
            case IsoOutcome.Certain certain:
                return certain.Result;

            case IsoOutcome.Unsure unsure when content is FileStream file:
                // The other program only reads files, which is also why it is never asked about a file on a foreign server.
                var info = await secondOpinion.AskAsync(file.Name, unsure.Format, cancellationToken);
                return info is null ? unsure.Otherwise : new ProbeResult.Recognised(info);

            case IsoOutcome.Unsure unsure:
                return unsure.Otherwise;

            default:
                throw new InvalidOperationException("An outcome without a case.");
        }
    }
}
