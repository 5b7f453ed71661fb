namespace Platform.Api.Tests.Contract;

/// <summary>Holds every answer against the document; what is not documented fails the test that saw it.</summary>
internal sealed class ContractHandler(ApiContract contract, HttpMessageHandler inner) : DelegatingHandler(inner)
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var sent = await JsonOfAsync(request.Content, cancellationToken);
        var response = await base.SendAsync(request, cancellationToken);
        var received = await JsonOfAsync(response.Content, cancellationToken);
        return contract.Find(request, sent, response, received) is { } wrong
            ? throw new ContractBrokenException($"{wrong}{Environment.NewLine}{(received is null ? "" : System.Text.Encoding.UTF8.GetString(received))}")
            : response;
    }

    // Other content may be large, or a stream that does not end.
    private static async Task<byte[]?> JsonOfAsync(HttpContent? content, CancellationToken cancellationToken)
    {
        if (content?.Headers.ContentType?.MediaType is not ("application/json" or "application/problem+json"))
        {
            return null;
        }

        await content.LoadIntoBufferAsync(cancellationToken);
        return await content.ReadAsByteArrayAsync(cancellationToken) is { Length: > 0 } json ? json : null;
    }
}

/// <summary>The API did what its document does not say.</summary>
public sealed class ContractBrokenException(string message) : Exception(message);
