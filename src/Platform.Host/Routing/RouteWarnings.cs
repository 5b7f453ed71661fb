using Platform.Domain.Catalog;
using Platform.Domain.Routing;

namespace Platform.Host.Routing;

/// <summary>Routes that cost more than they earn say so at start: they are left out, or lose money with every task.</summary>
internal static partial class RouteWarnings
{
    public static void Log(ILogger logger, IRouteTable table, ICatalog catalog, DateTimeOffset now)
    {
        foreach (var route in table.Routes)
        {
            var price = catalog.FindModel(route.Model)!.PriceAt(now);
            foreach (var quality in price.QualityMultipliers.Keys)
            {
                var sale = PriceSnapshot.Of(price, quality, "default", 1m).UnitPriceUsd;
                if (route.CostAt(quality, now) is { } cost && cost > sale)
                {
                    LogLoss(logger, route.Id, quality, cost, sale, route.AllowLoss ? "it is used at a loss (AllowLoss)" : "it is not used");
                }
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Route {Route} costs {Cost} US dollars for a unit of {Quality}, which is sold for {Sale}: {Consequence}")]
    private static partial void LogLoss(ILogger logger, string route, string quality, decimal cost, decimal sale, string consequence);
}
