using Microsoft.Extensions.Logging;

namespace Platform.Upstreams.Sandbox;

internal sealed partial class SandboxUpstream
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "The sandbox's queue did not answer a {Call}.")]
    private partial void LogStoreFailed(string call, Exception exception);
}
