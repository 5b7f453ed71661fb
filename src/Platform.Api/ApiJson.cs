using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Platform.Api.Catalog;
using Platform.Api.Credits;
using Platform.Api.Errors;
using Platform.Api.Files;
using Platform.Api.Operator;
using Platform.Api.ServiceLevels;
using Platform.Api.Tasks;
using Platform.Api.Tasks.Batch;
using Platform.Api.Tasks.Listing;
using Platform.Api.Tasks.Receipts;
using Platform.Api.Usage;
using Platform.Api.Videos.Batches;
using Platform.Api.Videos.Estimates;
using Platform.Domain.Credits;

namespace Platform.Api;

/// <summary>The wire types of the API, serialized by generated code.</summary>
[JsonSerializable(typeof(ApiErrorEnvelope))]
[JsonSerializable(typeof(ProblemDetails))]
[JsonSerializable(typeof(ApiErrorObject))]
[JsonSerializable(typeof(TaskObject))]
[JsonSerializable(typeof(EstimateObject))]
[JsonSerializable(typeof(BatchObject))]
[JsonSerializable(typeof(TaskListObject))]
[JsonSerializable(typeof(CreditsObject))]
[JsonSerializable(typeof(LedgerListObject))]
[JsonSerializable(typeof(ModelObject))]
[JsonSerializable(typeof(ModelListObject))]
[JsonSerializable(typeof(PriceListObject))]
[JsonSerializable(typeof(TaskPageObject))]
[JsonSerializable(typeof(TaskBatchObject))]
[JsonSerializable(typeof(ReceiptObject))]
[JsonSerializable(typeof(UsageObject))]
[JsonSerializable(typeof(ServiceStatusObject))]
[JsonSerializable(typeof(FileObject))]
[JsonSerializable(typeof(FileListObject))]
[JsonSerializable(typeof(DeletedObject))]
[JsonSerializable(typeof(TenantObject))]
[JsonSerializable(typeof(ApiKeyObject))]
[JsonSerializable(typeof(GrantObject))]
[JsonSerializable(typeof(CreateTenantBody))]
[JsonSerializable(typeof(CreateApiKeyBody))]
[JsonSerializable(typeof(CreateGrantBody))]
[JsonSerializable(typeof(HealthObject))]
internal sealed partial class ApiJson : JsonSerializerContext
{
    /// <summary>
    /// How everything is written: snake case, nulls left out, and no more escaping than JSON asks for, so that a link can be copied
    /// out of an answer. The content type keeps browsers from reading answers as pages.
    /// </summary>
    public static ApiJson Wire { get; } = new(new JsonSerializerOptions
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new CreditAmountJson() },
    });
}

/// <summary>Credits as JSON numbers: exact, without trailing zeros.</summary>
internal sealed class CreditAmountJson : JsonConverter<CreditAmount>
{
    public override CreditAmount Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.Number && reader.TryGetDecimal(out var credits) && CreditAmount.TryFrom(credits, out var amount)
            ? amount
            : throw new JsonException("Credits are a number of at most 8 decimals.");

    public override void Write(Utf8JsonWriter writer, CreditAmount value, JsonSerializerOptions options)
    {
        Span<char> text = stackalloc char[32];
        value.Value.TryFormat(text, out var length, "0.########", System.Globalization.CultureInfo.InvariantCulture);
        writer.WriteRawValue(text[..length], skipInputValidation: true);
    }
}

/// <summary>Whether the process can serve.</summary>
internal sealed record HealthObject(string Status);
