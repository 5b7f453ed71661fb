using Microsoft.Extensions.Logging;
using Platform.Domain.Tasks;
using Platform.Domain.Tenants;

namespace Platform.Grains.Tasks;

/// <content>What the task says to the operator.</content>
internal sealed partial class TaskGrain
{
    [LoggerMessage(Level = LogLevel.Error, Message = "A step of task {Task} of {Tenant} failed; it will be tried again")]
    private static partial void LogStepFailed(ILogger logger, Exception error, TenantId tenant, TaskId task);

    [LoggerMessage(Level = LogLevel.Error, Message = "Step {Step} of task {Task} of {Tenant} changed nothing; it will be tried again")]
    private static partial void LogNoProgress(ILogger logger, TenantId tenant, TaskId task, string step);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The result of task {Task} of {Tenant} could not be copied; it will be tried again: {Reason}")]
    private static partial void LogResultUnavailable(ILogger logger, TenantId tenant, TaskId task, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Upstream account {Account} could not be asked for a place; another route is tried")]
    private static partial void LogAccountUnreachable(ILogger logger, Exception error, string account);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A callback of {Upstream} for task {Task} of {Tenant} named another job; it is not believed")]
    private static partial void LogStrangeNews(ILogger logger, TenantId tenant, TaskId task, string upstream);
}
