using Microsoft.AspNetCore.Http;
using Platform.Domain.Catalog;
using Platform.Domain.Credits;

namespace Platform.Api.Errors;

/// <summary>Every refusal that the API knows, in one place; codes as in <c>upstreams.md</c> section 1.</summary>
internal static class ApiErrors
{
    private const string InvalidRequest = "invalid_request_error";
    private const string Authentication = "authentication_error";
    private const string Quota = "insufficient_quota_error";
    private const string Permission = "permission_error";
    private const string NotFoundType = "not_found_error";
    private const string ConflictType = "conflict_error";
    private const string TooLargeType = "request_too_large_error";
    private const string IdempotencyType = "idempotency_error";
    private const string RateLimit = "rate_limit_error";
    private const string Internal = "internal_server_error";
    private const string Unavailable = "service_unavailable_error";

    public static ApiError InvalidParameter(ParameterViolation violation) => new()
    {
        Status = StatusCodes.Status400BadRequest,
        Code = violation.Parameter.Length == 0 ? "invalid_body" : "invalid_parameter",
        Type = InvalidRequest,
        Message = violation.Message,
        Param = violation.Parameter.Length == 0 ? null : violation.Parameter,
    };

    public static ApiError InvalidParameter(string parameter, string message) => InvalidParameter(new(parameter, message));

    public static ApiError InvalidBody(string message) => InvalidParameter(new("", message));

    public static ApiError InvalidTaskId() => new()
    {
        Status = StatusCodes.Status400BadRequest,
        Code = "invalid_task_id",
        Type = InvalidRequest,
        Message = "The task id must start with 'task-unified-'.",
        Param = "id",
    };

    public static ApiError UnsupportedMediaType(string expected) => new()
    {
        Status = StatusCodes.Status415UnsupportedMediaType,
        Code = "unsupported_media_type",
        Type = InvalidRequest,
        Message = $"The content type must be {expected}.",
    };

    public static ApiError BodyTooLarge(long maxBytes) => new()
    {
        Status = StatusCodes.Status413PayloadTooLarge,
        Code = "request_too_large",
        Type = TooLargeType,
        Message = $"The body is too large; at most {maxBytes} bytes are allowed.",
    };

    public static ApiError FileTooLarge(long maxBytes) => new()
    {
        Status = StatusCodes.Status413PayloadTooLarge,
        Code = "file_too_large",
        Type = TooLargeType,
        Message = $"The file is too large; at most {maxBytes} bytes (100 MB) are allowed.",
        Param = "file",
    };

    public static ApiError InvalidApiKey() => new()
    {
        Status = StatusCodes.Status401Unauthorized,
        Code = "invalid_api_key",
        Type = Authentication,
        Message = "There is no such API key. Send 'Authorization: Bearer sk-…' with a key of this installation.",
    };

    public static ApiError KeyDisabled() => new()
    {
        Status = StatusCodes.Status401Unauthorized,
        Code = "key_disabled",
        Type = Authentication,
        Message = "This API key was revoked. Use another key.",
    };

    public static ApiError KeyExpired() => new()
    {
        Status = StatusCodes.Status401Unauthorized,
        Code = "key_expired",
        Type = Authentication,
        Message = "This API key has expired. Use another key.",
    };

    public static ApiError UserDisabled() => new()
    {
        Status = StatusCodes.Status403Forbidden,
        Code = "user_disabled",
        Type = Permission,
        Message = "This account is suspended. Please contact the operator.",
    };

    public static ApiError InsufficientCredits(CreditAmount needed, CreditAmount available) => new()
    {
        Status = StatusCodes.Status402PaymentRequired,
        Code = "insufficient_user_quota",
        Type = Quota,
        Message = $"{needed} credits are needed and {available} are available.",
        FallbackSuggestion = "Add credits, or choose 720p or a shorter clip.",
    };

    public static ApiError QueueFull() => new()
    {
        Status = StatusCodes.Status429TooManyRequests,
        Code = "queue_full",
        Type = RateLimit,
        Message = "All places in flight and in the queue are taken. Wait until some of your tasks have ended.",
        RetryAfterSeconds = 10,
    };

    public static ApiError TooManyStreams(int most) => new()
    {
        Status = StatusCodes.Status429TooManyRequests,
        Code = "too_many_streams",
        Type = RateLimit,
        Message = $"At most {most} event streams may be open at once. Close some of them.",
        RetryAfterSeconds = 10,
    };

    public static ApiError NoAvailableChannel() => new()
    {
        Status = StatusCodes.Status503ServiceUnavailable,
        Code = "no_available_channel",
        Type = Unavailable,
        Message = "No provider can serve this request at present. Nothing was charged.",
        FallbackSuggestion = "Try again later, or with another quality.",
        RetryAfterSeconds = 60,
    };

    public static ApiError OutcomeUnknown() => new()
    {
        Status = StatusCodes.Status503ServiceUnavailable,
        Code = "service_unavailable",
        Type = Unavailable,
        Message = "The service could not learn in time what became of this request. Send the same request again within 10 minutes, with the "
            + "same Idempotency-Key if it had one: it is carried out once only.",
        RetryAfterSeconds = 2,
    };

    public static ApiError IdempotencyInProgress() => new()
    {
        Status = StatusCodes.Status409Conflict,
        Code = "idempotency_in_progress",
        Type = ConflictType,
        Message = "The first request with this Idempotency-Key has not ended yet. Send it again later for its answer.",
        Param = "Idempotency-Key",
        RetryAfterSeconds = 5,
    };

    public static ApiError AboveLimit(CreditAmount needed, CreditAmount allowed) => new()
    {
        Status = StatusCodes.Status402PaymentRequired,
        Code = "max_credits_exceeded",
        Type = Quota,
        Message = $"{needed} credits would be reserved, and max_credits allows {allowed}. Nothing was charged.",
        Param = "max_credits",
        FallbackSuggestion = "Allow more, or choose 720p or a shorter clip.",
    };

    public static ApiError AboveQuote(CreditAmount needed, CreditAmount quoted) => new()
    {
        Status = StatusCodes.Status402PaymentRequired,
        Code = "quote_exceeded",
        Type = Quota,
        Message = $"{needed} credits would be reserved, and {quoted} were quoted. Nothing was charged.",
        Param = "quote_id",
        FallbackSuggestion = "Ask for a new estimate.",
    };

    public static ApiError QuoteForged() => InvalidQuote("invalid_quote", "There is no such quote of your account. Ask for a new estimate.");

    public static ApiError QuoteExpired() => InvalidQuote("quote_expired", "This quote has ended; quotes hold for 10 minutes. Ask for a new estimate.");

    public static ApiError QuoteMismatch() => InvalidQuote(
        "quote_mismatch", "This quote is for another model, quality, character_orientation or video. Ask for a new estimate.");

    public static ApiError NotInTime() => new()
    {
        Status = StatusCodes.Status503ServiceUnavailable,
        Code = "service_unavailable",
        Type = Unavailable,
        Message = "The service could not answer in time. Send the same request again.",
        RetryAfterSeconds = 2,
    };

    public static ApiError IdempotencyConflict() => new()
    {
        Status = StatusCodes.Status422UnprocessableEntity,
        Code = "idempotency_conflict",
        Type = IdempotencyType,
        Message = "This Idempotency-Key was used before with another body. Use a new key for a new request.",
        Param = "Idempotency-Key",
    };

    public static ApiError InvalidIdempotencyKey() => new()
    {
        Status = StatusCodes.Status400BadRequest,
        Code = "invalid_idempotency_key",
        Type = InvalidRequest,
        Message = "Idempotency-Key must be given once and have 1 to 255 visible ASCII characters.",
        Param = "Idempotency-Key",
    };

    public static ApiError TaskNotFound() => NotFound("task_not_found", "There is no task of this id.");

    public static ApiError FileNotFound() => NotFound("file_not_found", "There is no file of this id; uploads are kept for 72 hours.");

    public static ApiError RouteNotFound() => NotFound("not_found", "There is no such address. See the documentation for those that there are.");

    public static ApiError ModelNotFound() => NotFound("model_not_found", "There is no model of this id. GET /v1/models lists those that there are.");

    public static ApiError TenantNotFound() => NotFound("tenant_not_found", "There is no tenant of this id.");

    public static ApiError MethodNotAllowed() => new()
    {
        Status = StatusCodes.Status405MethodNotAllowed,
        Code = "method_not_allowed",
        Type = InvalidRequest,
        Message = "This address does not take this method.",
    };

    public static ApiError LinkForged() => new()
    {
        Status = StatusCodes.Status403Forbidden,
        Code = "invalid_link",
        Type = Permission,
        Message = "This link is not valid. Get the task or the file again for a new one.",
    };

    public static ApiError LinkExpired() => new()
    {
        Status = StatusCodes.Status410Gone,
        Code = "link_expired",
        Type = NotFoundType,
        Message = "This link has ended. Get the task or the file again for a new one.",
    };

    public static ApiError BytesGone() => new()
    {
        Status = StatusCodes.Status410Gone,
        Code = "media_deleted",
        Type = NotFoundType,
        Message = "The bytes were deleted.",
    };

    public static ApiError CallbackNotFound() => NotFound("callback_not_found", "There is no such callback address.");

    public static ApiError CallbackRefused() => new()
    {
        Status = StatusCodes.Status401Unauthorized,
        Code = "callback_refused",
        Type = Authentication,
        Message = "The callback does not prove that it comes from the provider.",
    };

    public static ApiError NotCancellable(string reason) => new()
    {
        Status = StatusCodes.Status409Conflict,
        Code = "task_not_cancellable",
        Type = ConflictType,
        Message = reason,
    };

    public static ApiError Conflict(string code, string message) => new()
    {
        Status = StatusCodes.Status409Conflict,
        Code = code,
        Type = ConflictType,
        Message = message,
    };

    public static ApiError InternalError() => new()
    {
        Status = StatusCodes.Status500InternalServerError,
        Code = "internal_error",
        Type = Internal,
        Message = "Something failed on our side. Please try again, and tell the operator the request_id if it stays.",
    };

    private static ApiError InvalidQuote(string code, string message) => new()
    {
        Status = StatusCodes.Status400BadRequest,
        Code = code,
        Type = InvalidRequest,
        Message = message,
        Param = "quote_id",
    };

    private static ApiError NotFound(string code, string message) => new()
    {
        Status = StatusCodes.Status404NotFound,
        Code = code,
        Type = NotFoundType,
        Message = message,
    };
}
