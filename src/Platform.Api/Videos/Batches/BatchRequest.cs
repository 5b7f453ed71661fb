using System.Buffers;
using System.Text.Json;
using Platform.Api.Errors;
using Platform.Domain.Catalog;
using Platform.Domain.Catalog.Parameters;
using Platform.Domain.Credits;

namespace Platform.Api.Videos.Batches;

/// <summary>
/// The body of a batch: the parameters of a create that all items share, at the top; in <c>items</c>, 1 to 100, what each has of its own.
/// An item's parameter takes the place of the shared one; <c>model_params</c> and <c>metadata</c> are put together field by field, and a
/// null takes a shared parameter away. <c>mode</c> is <c>all_or_nothing</c> (default) or <c>partial</c>. <c>max_credits</c> at the top is
/// for all items together, in an item for that item; a <c>quote_id</c> is for each item.
/// </summary>
/// <param name="Items">What reading each item gave, in order.</param>
/// <param name="AllOrNothing">Whether one item that is refused refuses all.</param>
/// <param name="MaxCredits">Most credits of all items together, or null.</param>
/// <param name="Error">What is wrong with the batch as a whole, or null.</param>
internal sealed record BatchRequest(IReadOnlyList<RequestReading> Items, bool AllOrNothing, CreditAmount? MaxCredits, ApiError? Error)
{
    /// <summary>Most items (product.md section 2).</summary>
    public const int MaxItems = 100;

    /// <summary>The mode in which one item that is refused refuses all.</summary>
    public const string AllOrNothingMode = "all_or_nothing";

    /// <summary>The mode in which items are accepted as far as they can be.</summary>
    public const string PartialMode = "partial";

    private const string ItemsField = "items";
    private const string ModeField = "mode";
    private const string MaxCreditsField = "max_credits";

    private static readonly HashSet<string> Shared =
        MotionControlParameters.Schema.Body.Fields.Select(f => f.Name).ToHashSet(StringComparer.Ordinal);

    // Those whose fields are put together.
    private static readonly HashSet<string> Merged = MotionControlParameters.Schema.Body.Fields
        .Where(f => f.Shape is ParameterShape.Group or ParameterShape.Pairs)
        .Select(f => f.Name)
        .ToHashSet(StringComparer.Ordinal);

    /// <summary>Reads a body. It never throws, whatever the body is.</summary>
    public static BatchRequest Read(JsonElement body)
    {
        try
        {
            return body.ValueKind == JsonValueKind.Object
                ? ReadObject(body)
                : Wrong(ApiErrors.InvalidBody("The body must be a JSON object."));
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair is JSON, and no text.
            return Wrong(ApiErrors.InvalidBody("The body has a text that is not valid Unicode."));
        }
    }

    private static BatchRequest ReadObject(JsonElement body)
    {
        foreach (var field in body.EnumerateObject())
        {
            if (!Shared.Contains(field.Name) && field.Name is not (ItemsField or ModeField))
            {
                var name = ParameterName.Shown(field.Name);
                return Wrong(ApiErrors.InvalidParameter(
                    name, $"'{name}' is not a parameter; allowed are {string.Join(", ", Shared.Append(ItemsField).Append(ModeField).Order(StringComparer.Ordinal))}."));
            }
        }

        if (ReadMode(body) is not { } allOrNothing)
        {
            return Wrong(ApiErrors.InvalidParameter(ModeField, $"'{ModeField}' must be '{AllOrNothingMode}' or '{PartialMode}'."));
        }

        if (!TryReadMaxCredits(body, out var maxCredits))
        {
            return Wrong(ApiErrors.InvalidParameter(
                MaxCreditsField,
                $"'{MaxCreditsField}' must be a number from 0 to {CreditAmount.Limit} with at most {CreditAmount.MaxDecimals} decimals."));
        }

        if (!body.TryGetProperty(ItemsField, out var items) || items.ValueKind != JsonValueKind.Array || items.GetArrayLength() is 0 or > MaxItems)
        {
            return Wrong(ApiErrors.InvalidParameter(ItemsField, $"'{ItemsField}' is required: an array of 1 to {MaxItems} objects."));
        }

        foreach (var (index, item) in items.EnumerateArray().Index())
        {
            if (item.ValueKind != JsonValueKind.Object)
            {
                return Wrong(ApiErrors.InvalidParameter($"{ItemsField}[{index}]", $"'{ItemsField}[{index}]' must be an object."));
            }
        }

        return new([.. items.EnumerateArray().Select(item => ReadItem(body, item))], allOrNothing, maxCredits, null);
    }

    private static bool? ReadMode(JsonElement body)
    {
        if (!body.TryGetProperty(ModeField, out var mode) || mode.ValueKind == JsonValueKind.Null)
        {
            return true;
        }

        return mode.ValueKind != JsonValueKind.String ? null
            : mode.ValueEquals(AllOrNothingMode) ? true
            : mode.ValueEquals(PartialMode) ? false
            : null;
    }

    private static bool TryReadMaxCredits(JsonElement body, out CreditAmount? maxCredits)
    {
        maxCredits = null;
        if (!body.TryGetProperty(MaxCreditsField, out var number) || number.ValueKind == JsonValueKind.Null)
        {
            return true;
        }

        if (number.ValueKind != JsonValueKind.Number || !ExactCredits.TryRead(number, out var credits) || credits < CreditAmount.Zero)
        {
            return false;
        }

        maxCredits = credits;
        return true;
    }

    private static RequestReading ReadItem(JsonElement shared, JsonElement item)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            WriteMerged(writer, shared, item, name => name is not (ItemsField or ModeField or MaxCreditsField), Merged.Contains);
            writer.WriteEndObject();
        }

        using var document = JsonDocument.Parse(buffer.WrittenMemory);
        return MotionControlRequest.Read(document.RootElement);
    }

    // The item's fields, then those of the shared ones that it does not have.
    private static void WriteMerged(Utf8JsonWriter writer, JsonElement shared, JsonElement item, Func<string, bool> isShared, Func<string, bool> isMerged)
    {
        foreach (var field in item.EnumerateObject())
        {
            writer.WritePropertyName(field.Name);
            if (isMerged(field.Name)
                && field.Value.ValueKind == JsonValueKind.Object
                && shared.TryGetProperty(field.Name, out var others)
                && others.ValueKind == JsonValueKind.Object)
            {
                writer.WriteStartObject();
                WriteMerged(writer, others, field.Value, _ => true, _ => false);
                writer.WriteEndObject();
            }
            else
            {
                WriteAsSent(writer, field.Value);
            }
        }

        foreach (var field in shared.EnumerateObject())
        {
            if (isShared(field.Name) && !item.TryGetProperty(field.Name, out _))
            {
                writer.WritePropertyName(field.Name);
                WriteAsSent(writer, field.Value);
            }
        }
    }

    // Also what is no text, for the reader of parameters to name.
    private static void WriteAsSent(Utf8JsonWriter writer, JsonElement value) => writer.WriteRawValue(value.GetRawText(), skipInputValidation: true);

    private static BatchRequest Wrong(ApiError error) => new([], true, null, error);
}
