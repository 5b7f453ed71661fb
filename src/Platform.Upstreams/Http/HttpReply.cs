using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Platform.Domain.Upstreams;

namespace Platform.Upstreams.Http;

/// <summary>What became of one HTTP request to a provider.</summary>
internal abstract record HttpReply
{
    private HttpReply()
    {
    }

    /// <summary>The provider answered, whole and within bounds.</summary>
    public sealed record Answered(int Status, HttpResponseHeaders Headers, byte[] Body) : HttpReply
    {
        /// <summary>Whether it is a 2xx.</summary>
        public bool IsSuccess => Status is >= 200 and < 300;

        /// <summary>The body as the provider's own type; null where it is no JSON, or not of that shape.</summary>
        public T? Read<T>(JsonTypeInfo<T> type)
            where T : class
        {
            try
            {
                return JsonSerializer.Deserialize(Body, type);
            }
            catch (JsonException)
            {
                return null;
            }
        }

        /// <summary>One value of a header, or null.</summary>
        public string? Header(string name) => Headers.TryGetValues(name, out var values) ? values.FirstOrDefault() : null;
    }

    /// <summary>No connection came about: the provider surely has not got the request.</summary>
    public sealed record NotSent(UpstreamFault Fault) : HttpReply;

    /// <summary>The answer was lost, too late, too long or broken off: nobody knows what the provider did.</summary>
    public sealed record Lost(UpstreamFault Fault) : HttpReply;
}
