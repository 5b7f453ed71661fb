using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Platform.Api.Tests.Hosting;

/// <summary>JSON bodies and answers.</summary>
internal static class Json
{
    public static HttpContent Content(string json) => Content(Encoding.UTF8.GetBytes(json));

    public static HttpContent Content(byte[] json, string type = "application/json")
    {
        var content = new ByteArrayContent(json);
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        return content;
    }

    public static async Task<JsonElement> JsonAsync(this HttpResponseMessage response)
    {
        var text = await response.Content.ReadAsStringAsync();
        try
        {
            using var document = JsonDocument.Parse(text);
            return document.RootElement.Clone();
        }
        catch (JsonException error)
        {
            throw new InvalidOperationException($"{(int)response.StatusCode} with a body that is no JSON: {text}", error);
        }
    }

    public static IEnumerable<string> Names(this JsonElement value) => value.EnumerateObject().Select(p => p.Name);
}
