using Platform.Api.Errors;
using Platform.Api.OpenApi;
using Platform.Api.Videos;
using Platform.Domain.Credits;

namespace Platform.Api.Operator;

/// <summary>What the operator's endpoints promise.</summary>
internal static class OperatorOperations
{
    private static readonly Input Tenant = Input.Path("id", Schema.Text(), "Id of the tenant.") with { Example = "ten_4m8xq2wnk7cpd9rt" };

    public static readonly Operation CreateTenant = new("createTenant", Topic.Operator, "Create a tenant")
    {
        Description = "A tenant has no keys and no credits at first.",
        Body = Content.Json(ApiJson.Wire.CreateTenantBody, ("named", new() { Name = "Studio" })),
        Answers = [Answer.Json("The tenant.", ApiJson.Wire.TenantObject, ("new", new("ten_4m8xq2wnk7cpd9rt", "Studio", "default", "active", 1795420800)))],
    };

    public static readonly Operation CreateApiKey = new("createTenantApiKey", Topic.Operator, "Create an API key of a tenant")
    {
        Description = "The secret is in this answer and nowhere else: only its hash is kept.",
        Inputs = [Tenant],
        Body = Content.Json(ApiJson.Wire.CreateApiKeyBody, ("named", new() { Name = "Production" })),
        Answers =
        [
            Answer.Json(
                "The key, with its secret.",
                ApiJson.Wire.ApiKeyObject,
                ("new", new("key_7kq2mw4xn8cpd9rt", "sk-EXAMPLE", "Production", 1795420800, ExpiresAt: null))),
        ],
        Refusals = [ApiErrors.TenantNotFound()],
    };

    public static readonly Operation Grant = new("grantCredits", Topic.Operator, "Grant credits to a tenant")
    {
        Description = "Books credits in, as one line of the statement. With an `Idempotency-Key` a repeat books nothing more.",
        Inputs = [Tenant, IdempotencyKey.Input],
        Body = Content.Json(ApiJson.Wire.CreateGrantBody, ("with_note", new() { Credits = CreditAmount.From(1000m), Note = "Invoice 2026-114" })),
        Answers =
        [
            Answer.Json(
                "What was booked.",
                ApiJson.Wire.GrantObject,
                ("booked", new("grt_2wnk7cpd9rt4m8xq5hvz", CreditAmount.From(1000m), "Invoice 2026-114", ExpiresAt: null))),
        ],
        Refusals = [ApiErrors.TenantNotFound(), ApiErrors.InvalidIdempotencyKey(), ApiErrors.IdempotencyConflict(), ApiErrors.NotInTime()],
    };
}
