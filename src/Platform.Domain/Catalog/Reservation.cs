using Platform.Domain.Credits;

namespace Platform.Domain.Catalog;

/// <summary>What a request reserves, and what that is made of (product.md section 5).</summary>
/// <param name="Price">The price.</param>
/// <param name="InspectedSeconds">Length of the motion clip, in seconds; null where it is not known: then the cap is reserved.</param>
/// <param name="ReservedSeconds">Seconds that are reserved; the most that can be billed.</param>
public sealed record Reservation(PriceSnapshot Price, decimal? InspectedSeconds, int ReservedSeconds)
{
    /// <summary>Credits that are reserved: unit price × seconds, exactly.</summary>
    public CreditAmount Credits => Price.UnitPrice * ReservedSeconds;

    /// <summary>The reservation for a clip.</summary>
    /// <param name="price">The price.</param>
    /// <param name="orientation">The orientation, which caps the seconds.</param>
    /// <param name="inspectedSeconds">Length of the motion clip, in seconds, or null.</param>
    public static Reservation Of(PriceSnapshot price, string orientation, decimal? inspectedSeconds) => new(
        price,
        inspectedSeconds,
        Seconds.ToReserve(inspectedSeconds, MotionControlModel.MinSeconds, MotionControlModel.MaxSeconds(orientation)));
}
