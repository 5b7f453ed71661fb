using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Platform.Media.Egress;

namespace Platform.Media.Tests.Egress;

/// <summary>Puts the guarded client together as the program does, with a test's internet under it.</summary>
internal static class GuardedClient
{
    public static GuardedHttp Create(Site site, MediaOptions options, TimeProvider? time = null)
    {
        var wrapped = Options.Create(options);
        var guard = new EgressGuard(wrapped);
        var connector = new EgressConnector(guard, site, site, NullLogger<EgressConnector>.Instance);
        return new GuardedHttp(new EgressHttp(guard, connector, wrapped), guard, wrapped, time ?? TimeProvider.System);
    }

    /// <summary>Settings of a test: plain HTTP, since the test's server has no certificate, but public addresses only.</summary>
    public static MediaOptions PlainHttp(Action<EgressOptions>? configure = null)
    {
        var options = new MediaOptions { PublicUrl = "https://api.platform.com" };
        options.Egress.AllowHttp = true;
        configure?.Invoke(options.Egress);
        return options;
    }
}
