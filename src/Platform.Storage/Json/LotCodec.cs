using System.Collections.Immutable;
using System.Text.Json;
using Platform.Domain.Credits;

namespace Platform.Storage.Json;

/// <summary>Writes and reads the lots of an account and the slices of a hold.</summary>
internal static class LotCodec
{
    public static byte[] Write(ImmutableArray<Lot> lots) =>
        Write(lots.Select(l => new LotDocument(l.GrantId, l.Remaining.Value, UnixTime.Of(l.ExpiresAt))));

    public static byte[] Write(ImmutableArray<LotSlice> slices) =>
        Write(slices.Select(s => new LotDocument(s.GrantId, s.Amount.Value, UnixTime.Of(s.ExpiresAt))));

    public static ImmutableArray<Lot> ReadLots(ReadOnlySpan<byte> json) =>
        [.. Read(json).Select(l => new Lot(l.Grant, CreditAmount.From(l.Amount), UnixTime.ToTime(l.ExpiresAt)))];

    public static ImmutableArray<LotSlice> ReadSlices(ReadOnlySpan<byte> json) =>
        [.. Read(json).Select(l => new LotSlice(l.Grant, CreditAmount.From(l.Amount), UnixTime.ToTime(l.ExpiresAt)))];

    private static byte[] Write(IEnumerable<LotDocument> lots) => JsonSerializer.SerializeToUtf8Bytes(
        new LotsDocument { V = LotsDocument.Current, Lots = [.. lots] },
        StoredJson.Compact.LotsDocument);

    private static LotDocument[] Read(ReadOnlySpan<byte> json)
    {
        var document = StoredJson.Required(JsonSerializer.Deserialize(json, StoredJson.Compact.LotsDocument), "list of lots", "document");
        StoredJson.CheckVersion("list of lots", document.V, LotsDocument.Current);
        return document.Lots ?? [];
    }
}
