using System.Net;
using Microsoft.Extensions.Options;
using Platform.Domain.Media;
using Platform.Media.Egress;

namespace Platform.Media.Inputs;

/// <summary>How a fetch of a foreign file into the blob store ended.</summary>
internal abstract record ForeignCopy
{
    private ForeignCopy()
    {
    }

    /// <summary>The bytes are stored and were recognised.</summary>
    public sealed record Copied(BlobInfo Blob, MediaInfo Info) : ForeignCopy;

    /// <summary>Trying again cannot help.</summary>
    /// <param name="Reason">A sentence.</param>
    /// <param name="Status">The server's answer, where that is the reason.</param>
    public sealed record Refused(string Reason, HttpStatusCode? Status = null) : ForeignCopy;

    /// <summary>It did not work this time.</summary>
    public sealed record Unavailable(string Reason) : ForeignCopy;
}

/// <summary>Files on foreign servers, fetched through the guarded client: a look by few ranged reads, and copies.</summary>
internal sealed class ForeignMedia(
    GuardedHttp http, IBlobStore blobs, IMediaProbe probe, StoredMedia stored, IOptions<MediaOptions> options, TimeProvider time)
{
    private const string TookTooLong = "The file could not be read in time.";

    private static readonly InputInspection.Refused Empty = new("The file is empty.");

    /// <summary>Looks at a file, bounded in bytes, requests and time.</summary>
    public async Task<InputInspection> InspectAsync(string url, long maxBytes, CancellationToken cancellationToken)
    {
        using var timeLimit = new CancellationTokenSource(options.Value.InspectTimeout, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(timeLimit.Token, cancellationToken);
        try
        {
            return await http.GetAsync(url, HttpRangeStream.FirstRange, linked.Token) switch
            {
                GuardedAnswer.Answered { Response: var response } => await InspectAsync(response, maxBytes, linked.Token),
                GuardedAnswer.Refused refused => new InputInspection.Refused(refused.Reason),
                GuardedAnswer.Failed failed => new InputInspection.Undetermined(failed.Reason),
                _ => throw new InvalidOperationException("An answer without a case."),
            };
        }
        catch (RemoteReadException e)
        {
            return new InputInspection.Undetermined(e.Message);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new InputInspection.Undetermined(TookTooLong);
        }
    }

    /// <summary>Copies a file to <paramref name="targetKey"/> and probes the copy; nothing stays there unless it was recognised.</summary>
    public async Task<ForeignCopy> CopyAsync(string url, string targetKey, long maxBytes, TimeSpan limit, CancellationToken cancellationToken)
    {
        using var timeLimit = new CancellationTokenSource(limit, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(timeLimit.Token, cancellationToken);
        try
        {
            return await http.GetAsync(url, range: null, linked.Token) switch
            {
                GuardedAnswer.Answered { Response: var response } => await CopyAsync(response, targetKey, maxBytes, linked.Token),
                GuardedAnswer.Refused refused => new ForeignCopy.Refused(refused.Reason),
                GuardedAnswer.Failed failed => new ForeignCopy.Unavailable(failed.Reason),
                _ => throw new InvalidOperationException("An answer without a case."),
            };
        }
        catch (BlobTooLargeException)
        {
            return new ForeignCopy.Refused(FileTooLarge.Sentence(maxBytes));
        }
        catch (RemoteReadException e)
        {
            return new ForeignCopy.Unavailable(e.Message);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new ForeignCopy.Unavailable(TookTooLong);
        }
    }

    private async Task<InputInspection> InspectAsync(GuardedResponse response, long maxBytes, CancellationToken cancellationToken)
    {
        await using (response)
        {
            switch (response.Status)
            {
                case HttpStatusCode.PartialContent when response.ContentRange?.Length > maxBytes:
                case HttpStatusCode.OK when response.ContentLength > maxBytes:
                    return new InputInspection.Refused(FileTooLarge.Sentence(maxBytes));

                case HttpStatusCode.PartialContent:
                    return await InspectAsync(await HttpRangeStream.OpenAsync(http, response, cancellationToken), maxBytes, cancellationToken);

                case HttpStatusCode.OK:
                    return await InspectAsync(await HttpForwardStream.OpenAsync(response, cancellationToken), maxBytes, cancellationToken);

                // The answer to a range of a file without bytes.
                case HttpStatusCode.RequestedRangeNotSatisfiable when response.ContentRange?.Length == 0:
                    return Empty;

                default:
                    return StatusVerdict.IsFinal(response.Status)
                        ? new InputInspection.Refused(StatusVerdict.Sentence(response.Status))
                        : new InputInspection.Undetermined(StatusVerdict.Sentence(response.Status));
            }
        }
    }

    private async Task<InputInspection> InspectAsync(Stream content, long maxBytes, CancellationToken cancellationToken)
    {
        await using (content)
        {
            if (content.Length > maxBytes)
            {
                return new InputInspection.Refused(FileTooLarge.Sentence(maxBytes));
            }

            return await probe.ProbeAsync(content, cancellationToken) switch
            {
                ProbeResult.Recognised recognised => new InputInspection.Recognised(recognised.Info, content.Length),
                ProbeResult.Refused refused => new InputInspection.Refused(refused.Reason),
                _ => throw new InvalidOperationException("A result without a case."),
            };
        }
    }

    private async Task<ForeignCopy> CopyAsync(GuardedResponse response, string targetKey, long maxBytes, CancellationToken cancellationToken)
    {
        await using (response)
        {
            if (response.Status != HttpStatusCode.OK)
            {
                var sentence = StatusVerdict.Sentence(response.Status);
                return StatusVerdict.IsFinal(response.Status)
                    ? new ForeignCopy.Refused(sentence, response.Status)
                    : new ForeignCopy.Unavailable(sentence);
            }

            if (response.ContentLength > maxBytes)
            {
                return new ForeignCopy.Refused(FileTooLarge.Sentence(maxBytes));
            }

            var blob = await blobs.WriteAsync(targetKey, response.Body, maxBytes, cancellationToken);
            switch (await stored.ProbeAsync(targetKey, cancellationToken))
            {
                case { Result: ProbeResult.Recognised recognised }:
                    return new ForeignCopy.Copied(blob, recognised.Info);

                case { Result: ProbeResult.Refused refused }:
                    await blobs.DeleteAsync(targetKey, cancellationToken);
                    return new ForeignCopy.Refused(refused.Reason);

                default:
                    return new ForeignCopy.Unavailable("The copy was removed while it was looked at.");
            }
        }
    }
}
