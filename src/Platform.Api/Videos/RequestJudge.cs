using Platform.Api.Auth;
using Platform.Api.Errors;
using Platform.Api.Videos.Estimates;
using Platform.Domain.Catalog;
using Platform.Domain.Media;
using Platform.Domain.Tasks;
using Platform.Grains.Contracts;

namespace Platform.Api.Videos;

/// <summary>A request that was judged: all that accepting it needs, or why it is refused.</summary>
/// <param name="Request">The request; null where it is refused.</param>
/// <param name="Inputs">What its inputs are.</param>
/// <param name="Terms">What its caller allows, or null.</param>
/// <param name="Error">Why it is refused, or null.</param>
internal readonly record struct JudgedRequest(GenerationRequest? Request, InputsInspected Inputs, SpendingTerms? Terms, ApiError? Error)
{
    public static JudgedRequest Refused(ApiError error) => new(null, default, null, error);
}

/// <summary>Judges requests before they go to the tenant: all that can be known without its account.</summary>
internal sealed class RequestJudge(IOutboundUrls callbacks, QuoteSigner quotes)
{
    /// <summary>Judges a request that was read.</summary>
    /// <param name="caller">Who asks.</param>
    /// <param name="reading">What reading it gave.</param>
    /// <param name="look">Looks at an input.</param>
    public async Task<JudgedRequest> JudgeAsync(Caller caller, RequestReading reading, InputLook look)
    {
        if (reading.Request is not { } request)
        {
            return JudgedRequest.Refused(ApiErrors.InvalidParameter(reading.Violations[0]));
        }

        if (request.ElementId is not null)
        {
            return JudgedRequest.Refused(ApiErrors.InvalidParameter(
                "model_params.element_list[0].element_id", "There is no element of this id in your account."));
        }

        if (request.CallbackUrl is { } callback && callbacks.Refuse(callback) is { } reason)
        {
            return JudgedRequest.Refused(ApiErrors.InvalidParameter("callback_url", $"'callback_url' cannot be called. {reason}"));
        }

        Quote? quote = null;
        if (reading.Limits.QuoteId is { } quoteId)
        {
            quote = quotes.Read(caller.Tenant.Id, quoteId);
            if (quote is null || !quote.IsFor(request))
            {
                return JudgedRequest.Refused(quote is null ? ApiErrors.QuoteForged() : ApiErrors.QuoteMismatch());
            }
        }

        var inspected = await InputInspector.InspectAsync(request, look);
        if (inspected.Error is { } error)
        {
            return JudgedRequest.Refused(error);
        }

        var terms = quote is null && reading.Limits.MaxCredits is null
            ? null
            : new SpendingTerms { Quote = quote, MaxCredits = reading.Limits.MaxCredits };
        return new(request, inspected, terms, null);
    }
}
