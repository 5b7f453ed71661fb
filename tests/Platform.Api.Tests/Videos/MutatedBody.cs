using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Platform.Api.Tests.Catalog;
using Platform.Api.Tests.Hosting;
using Platform.Domain.Catalog;

namespace Platform.Api.Tests.Videos;

/// <summary>A body that was made from a good one and is bad for certain.</summary>
/// <param name="Bytes">The body.</param>
/// <param name="ContentType">What it says to be.</param>
/// <param name="Params">What one must be named of: parameters, or fields of the body; empty where the body as a whole is bad.</param>
/// <param name="Expected">The status that it must get.</param>
internal sealed record MutatedBody(byte[] Bytes, string ContentType, IReadOnlyList<string> Params, int Expected)
{
    private static readonly IReadOnlyList<Breakage> Breakages = Breakage.Of(MotionControlParameters.Schema);

    // None of them is white space, none may be in a string, and none begins another token.
    private static readonly byte[] Poison = [0x00, 0x01, 0x07, 0x08, 0x0b, 0x1f, 0x7f, 0x80, 0xbf, 0xc0, 0xf5, 0xff];

    private static readonly string[] WrongTypes = ["text/plain", "application/octet-stream", "application/xml", "application/json; charset=utf-16", "text/json-ish"];

    public static IEnumerable<MutatedBody> Stream(int seed, Inputs inputs)
    {
        var random = new Random(seed);
        while (true)
        {
            yield return Next(random, inputs);
        }
    }

    private static MutatedBody Next(Random random, Inputs inputs)
    {
        var isFull = random.Next(2) == 0;
        var body = isFull ? Bodies.Full(inputs) : Bodies.Hanging(inputs);
        var text = body.ToJsonString();
        switch (random.Next(20))
        {
            case 0:
                return Bad(Encoding.UTF8.GetBytes(text)[..random.Next(text.Length - 1)]);
            case 1 or 2:
                // Outside of a string it is no token, inside it is no character.
                var bytes = Encoding.UTF8.GetBytes(text).ToList();
                bytes.Insert(random.Next(1, bytes.Count), Poison[random.Next(6)]);
                return Bad([.. bytes]);
            case 3:
                bytes = [.. Encoding.UTF8.GetBytes(text)];
                bytes.Insert(random.Next(1, bytes.Count), Poison[random.Next(7, Poison.Length)]);
                return Bad([.. bytes]);
            case 4:
                var names = body.Select(f => f.Key).ToList();
                return Bad(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{text[..^1]},\"{names[random.Next(names.Count)]}\":{random.Next()}}}")));
            case 5:
                var depth = random.Next(16, 2_000);
                return Bad(Encoding.UTF8.GetBytes($"{text[..^1]},\"deep\":{new string('[', depth)}{new string(']', depth)}}}"));
            case 6:
                return new(Encoding.UTF8.GetBytes(text), WrongTypes[random.Next(WrongTypes.Length)], [], 415);
            case 7 when random.Next(20) == 0:
                body["prompt"] = new string('x', RequestBody.MaxBytes);
                return new(Encoding.UTF8.GetBytes(body.ToJsonString()), "application/json", [], 413);
            case 8:
                return Bad(Encoding.UTF8.GetBytes($"[{text}]"));
            default:
                return Broken(random, body, isFull);
        }
    }

    private static MutatedBody Broken(Random random, JsonObject body, bool isFull)
    {
        var applied = new List<Breakage>();
        for (var i = random.Next(1, 4); i > 0; i--)
        {
            applied.Add(Breakages[random.Next(Breakages.Count)]);
            applied[^1].Apply(body);
        }

        // One fault of a full body is named to the letter. Several change what each other broke: then the field of the body is.
        string[] named = isFull && applied.Count == 1 ? [applied[0].Param] : [.. applied.Select(b => b.Param.Split('.', '[')[0])];
        return new(Encoding.UTF8.GetBytes(body.ToJsonString()), "application/json", named, 400);
    }

    private static MutatedBody Bad(byte[] bytes) => new(bytes, "application/json", [], 400);
}
