using System.Collections.Immutable;
using Microsoft.AspNetCore.Http;
using Platform.Api.Auth;
using Platform.Api.Errors;
using Platform.Api.Tasks.Receipts;
using Platform.Domain.Catalog;
using Platform.Domain.Media;
using Platform.Domain.Tasks;

namespace Platform.Api.Videos.Estimates;

/// <summary>
/// <c>POST /v1/videos/generations/estimate</c>: takes the body of a create, judges it as a create does, and answers what it would
/// reserve and of what that is made, with a quote that holds for 10 minutes, and what may spoil the result. It creates and writes
/// nothing. <c>quote_id</c> and <c>max_credits</c> limit a create; an estimate says what would be reserved without them.
/// </summary>
internal sealed class EstimateGeneration(
    RequestJudge judge, IInputMedia media, ISceneCuts cuts, QuoteSigner quotes, ICatalog catalog, TimeProvider time)
{
    public async Task HandleAsync(HttpContext context)
    {
        var body = await RequestBody.ReadJsonAsync(context);
        using var document = body.Document;
        if (document is null)
        {
            await ErrorResponse.WriteAsync(context, body.Error!);
            return;
        }

        var caller = Caller.Of(context);
        var judged = await judge.JudgeAsync(
            caller,
            MotionControlRequest.Read(document.RootElement) with { Limits = SpendingLimits.None },
            (url, maxBytes) => media.InspectAsync(caller.Tenant.Id, url, maxBytes, context.RequestAborted));
        if (judged.Error is not null)
        {
            await ErrorResponse.WriteAsync(context, judged.Error);
            return;
        }

        var found = await cuts.FindAsync(caller.Tenant.Id, judged.Request!.VideoUrl, context.RequestAborted);
        await context.Response.WriteJsonAsync(
            Estimate(caller, judged.Request, judged.Inputs, found), ApiJson.Wire.EstimateObject, context.RequestAborted);
    }

    private EstimateObject Estimate(Caller caller, GenerationRequest request, InputsInspected inputs, ImmutableArray<decimal>? found)
    {
        var now = time.GetUtcNow();
        var model = catalog.FindModel(request.Model)!;
        var group = caller.Tenant.Group;
        var price = PriceSnapshot.Of(model.PriceAt(now), request.Quality, group, catalog.GroupMultiplier(group, model.Id));
        var reservation = Reservation.Of(price, request.CharacterOrientation, inputs.VideoSeconds);
        var quote = new Quote(Quote.SubjectOf(request), price, reservation.Credits, now + Quote.Lifetime);
        return new()
        {
            Model = model.Id,
            BillingRule = model.BillingRule,
            CreditsReserved = reservation.Credits,
            UsdReserved = ReceiptView.InUsd(reservation.Credits, price),
            Price = ReceiptView.PriceOf(price, request.Quality),
            Seconds = new(
                ExactNumber.WithoutTrailingZeros(reservation.InspectedSeconds),
                reservation.ReservedSeconds,
                MotionControlModel.MinSeconds,
                MotionControlModel.MaxSeconds(request.CharacterOrientation),
                ReceiptView.RoundingOf(price.Rounding)),
            QuoteId = quotes.Sign(caller.Tenant.Id, quote),
            QuoteExpiresAt = quote.ExpiresAt.ToUnixTimeSeconds(),
            Warnings =
            [
                .. InputWarnings.Of(request.Quality, inputs.Image, inputs.Video, found)
                    .Select(w => new WarningObject(w.Code, w.Parameter, w.Message)),
            ],
        };
    }
}
