using System.Text;

namespace Platform.EndToEnd.Tests.Telemetry;

/// <summary>
/// Reads the spans of an OTLP export request (opentelemetry-proto, <c>ExportTraceServiceRequest</c>): resource_spans 1, in them
/// scope_spans 2, in them spans 2, with trace_id 1, span_id 2, parent_span_id 4, name 5, links 13 (trace_id 1).
/// </summary>
internal static class OtlpSpans
{
    public static IEnumerable<Span> Read(byte[] request) =>
        from resource in Fields(request, 1)
        from scope in Fields(resource, 2)
        from span in Fields(scope, 2)
        select new Span(
            Hex(span, 1),
            Hex(span, 2),
            Hex(span, 4),
            Encoding.UTF8.GetString(Fields(span, 5).SingleOrDefault() ?? []),
            [.. Fields(span, 13).Select(link => Hex(link, 1))]);

    private static string Hex(byte[] message, int field) => Convert.ToHexStringLower(Fields(message, field).SingleOrDefault() ?? []);

    /// <summary>The length-delimited fields of one number, in order.</summary>
    private static List<byte[]> Fields(byte[] message, int number)
    {
        var found = new List<byte[]>();
        var at = 0;
        while (at < message.Length)
        {
            var tag = Varint(message, ref at);
            switch (tag & 7)
            {
                case 0:
                    Varint(message, ref at);
                    break;
                case 1:
                    at += sizeof(ulong);
                    break;
                case 2:
                    var length = (int)Varint(message, ref at);
                    if ((int)(tag >> 3) == number)
                    {
                        found.Add(message[at..(at + length)]);
                    }

                    at += length;
                    break;
                case 5:
                    at += sizeof(uint);
                    break;
                default:
                    throw new InvalidDataException($"Wire type {tag & 7} at {at}.");
            }
        }

        return found;
    }

    private static ulong Varint(byte[] message, ref int at)
    {
        ulong value = 0;
        for (var shift = 0; ; shift += 7)
        {
            var part = message[at++];
            value |= (ulong)(part & 0x7f) << shift;
            if (part < 0x80)
            {
                return value;
            }
        }
    }
}
