using System.Net;

namespace Platform.Media.Egress;

/// <summary>How a guarded fetch ended.</summary>
internal abstract record GuardedAnswer
{
    private GuardedAnswer()
    {
    }

    /// <summary>A server has answered; with which status is for the caller to judge.</summary>
    public sealed record Answered(GuardedResponse Response) : GuardedAnswer;

    /// <summary>It may not be fetched; trying again cannot help.</summary>
    /// <param name="Reason">A sentence for whoever gave the URL.</param>
    public sealed record Refused(string Reason) : GuardedAnswer;

    /// <summary>No usable answer this time.</summary>
    /// <param name="Reason">A sentence for whoever gave the URL.</param>
    public sealed record Failed(string Reason) : GuardedAnswer;
}

/// <summary>An answer whose body has not been read. Disposing it ends the connection where the body was not read to its end.</summary>
internal sealed class GuardedResponse(HttpResponseMessage message, Uri url, Stream body) : IAsyncDisposable
{
    public HttpStatusCode Status => message.StatusCode;

    /// <summary>Where the answer came from, after redirects.</summary>
    public Uri Url { get; } = url;

    /// <summary>Length of this body in bytes, where the server says it.</summary>
    public long? ContentLength => message.Content.Headers.ContentLength;

    /// <summary>Which part of the whole this body is, where it is a part.</summary>
    public System.Net.Http.Headers.ContentRangeHeaderValue? ContentRange => message.Content.Headers.ContentRange;

    /// <summary>Names the version of the file, where the server does.</summary>
    public string? EntityTag => message.Headers.ETag?.ToString();

    /// <summary>The body. Reading it fails with <see cref="RemoteReadException"/>, and with nothing else, where the server or the network does.</summary>
    public Stream Body { get; } = body;

    public async ValueTask DisposeAsync()
    {
        await Body.DisposeAsync();
        message.Dispose();
    }
}
