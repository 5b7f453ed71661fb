using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Platform.Upstreams.Http;

/// <summary>Makes requests to a provider's base address.</summary>
internal static class UpstreamRequests
{
    private static readonly MediaTypeHeaderValue Json = new("application/json");

    /// <summary>A request to a path below the base, which may itself have a path.</summary>
    public static HttpRequestMessage To(this HttpMethod method, Uri baseUrl, string path)
    {
        var request = new HttpRequestMessage(method, new Uri(baseUrl.AbsoluteUri.TrimEnd('/') + path, UriKind.Absolute));
        request.Headers.Accept.Add(new("application/json"));
        return request;
    }

    /// <summary>With a JSON body of known length.</summary>
    public static HttpRequestMessage With<T>(this HttpRequestMessage request, T body, JsonTypeInfo<T> type)
    {
        request.Content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(body, type));
        request.Content.Headers.ContentType = Json;
        return request;
    }

    /// <summary>With the account's key, of the scheme that the provider asks for.</summary>
    public static HttpRequestMessage Authorized(this HttpRequestMessage request, string scheme, string key)
    {
        request.Headers.Authorization = new(scheme, key);
        return request;
    }
}
