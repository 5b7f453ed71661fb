using Microsoft.Extensions.Logging;
using Platform.Domain.Routing;

namespace Platform.Grains.Upstreams;

/// <content>What the account says to the operator.</content>
internal sealed partial class UpstreamAccountGrain
{
    [LoggerMessage(Level = LogLevel.Error, Message = "ALERT: upstream account {Account} is out of service: {Code} {Message}. It is asked again now and then; the operator may enable it at once")]
    private static partial void LogOut(ILogger logger, string account, string code, string message);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Upstream account {Account} is back in service")]
    private static partial void LogBack(ILogger logger, string account);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Route {Route} of {Account} fails by its own fault; its breaker is open until {Until}")]
    private static partial void LogBreakerOpened(ILogger logger, string route, string account, DateTimeOffset until);

    [LoggerMessage(Level = LogLevel.Information, Message = "Route {Route} of {Account} has healed; its breaker is closed")]
    private static partial void LogBreakerClosed(ILogger logger, string route, string account);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The operator set {Route} of {Account} to {State}")]
    private static partial void LogSwitched(ILogger logger, string account, string route, RouteState state);

    [LoggerMessage(Level = LogLevel.Error, Message = "The slots of {Account} could not be read; the next time tries again")]
    private static partial void LogReconcileFailed(ILogger logger, Exception error, string account);
}
